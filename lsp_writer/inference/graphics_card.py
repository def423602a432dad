"""The NVIDIA card of this machine, as its own driver tells of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass

from lsp_writer.errors import DeviceUnavailable

#: What onnxruntime-gpu 1.31 was built with, and the first Linux driver that runs it.
CUDA_NEEDED = 13
DRIVER_NEEDED = 580
_TIMEOUT_SECONDS = 20


@dataclass(frozen=True)
class GraphicsCard:
    name: str
    #: Bytes; 0 if the driver does not say.
    memory: int
    driver: str
    #: The newest CUDA version that the driver runs; empty if it does not say.
    cuda: str

    @property
    def too_old(self) -> bool:
        """Whether its driver cannot run the CUDA version that ONNX Runtime needs."""
        if self.cuda:
            return int(self.cuda.partition(".")[0]) < CUDA_NEEDED
        return int(self.driver.partition(".")[0]) < DRIVER_NEEDED

    def __str__(self) -> str:
        memory = f", {self.memory / 1024**3:.0f} GB" if self.memory else ""
        return f"{self.name}{memory}, driver {self.driver}" + (f" for CUDA {self.cuda}" if self.cuda else "")


def find_graphics_card() -> GraphicsCard | None:
    """The first card that the driver lists; None if there is no driver.

    Raises DeviceUnavailable if there is one that does not answer.
    """
    program = shutil.which("nvidia-smi")
    if program is None:
        return None
    answer = _ask(program, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits")
    fields = [field.strip() for field in answer.partition("\n")[0].split(",")]
    if len(fields) != 3 or not fields[2][:1].isdigit():
        raise _no_answer(answer)
    name, mebibytes, driver = fields
    # Only the heading of its plain report names the CUDA version.
    version = re.search(r"CUDA Version:\s*(\d+\.\d+)", _ask(program))
    return GraphicsCard(
        name=name,
        memory=int(mebibytes) * 1024**2 if mebibytes.isdigit() else 0,
        driver=driver,
        cuda=version[1] if version else "",
    )


def _ask(program: str, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - a program from the path, with constant arguments
            [program, *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _no_answer(str(error)) from error
    if done.returncode != 0:
        raise _no_answer(done.stdout or done.stderr)
    return done.stdout.strip()


def _no_answer(says: str) -> DeviceUnavailable:
    first = says.strip().partition("\n")[0] or "nothing"
    return DeviceUnavailable(
        f"The NVIDIA driver does not answer (nvidia-smi says: {first}). Install the driver again, or restart."
    )
