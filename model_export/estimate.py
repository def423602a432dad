"""What an export will take of the machine, before anything is downloaded."""

from __future__ import annotations

from dataclasses import dataclass

#: Bytes of the libraries in memory, measured with the default model.
_LIBRARIES = 500_000_000
#: Of the largest tokenizers' files.
_TOKENIZER = 50_000_000
_FLOAT32 = 4


@dataclass(frozen=True)
class Estimate:
    """Bytes."""

    download: int
    #: In the models folder while it works: the checkpoint and the graph in 32-bit floats, and one candidate or
    #: two small ones.
    disk: int
    memory: int

    def __str__(self) -> str:
        download = f"a download of {_amount(self.download)}" if self.download else "no download"
        disk, memory = _amount(self.disk), _amount(self.memory)
        return f"{disk} on the disk while it works, up to {memory} of memory, and {download}"


def estimate(parameters: int, download: int) -> Estimate:
    """For a model of so many `parameters`, of which `download` bytes are not here yet."""
    weights = parameters * _FLOAT32
    return Estimate(download, 3 * weights + _TOKENIZER, 2 * weights + _LIBRARIES)


def _amount(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
