"""How many tokens a second a model, by default the default one, reads and writes, by how many stand before them.

Reading ("prefill") is that of a text from its beginning, in the pieces that the server reads; writing ("decode") is
one token at a time after so many others, as ghost text is made. The lengths take turns; the figures are medians.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
from tokenizers import Tokenizer

from benchmarks.corpus import prose
from benchmarks.report import arguments, finish
from lsp_writer.inference.installed import chosen_folder
from lsp_writer.inference.loading import SIZES
from lsp_writer.inference.model import TokenIds
from lsp_writer.inference.opening import open_model

LENGTHS = (64, 256, 512)
#: Tokens of one measurement of writing.
STEPS = 16


class Served:
    """A model as the server runs it, on `threads` processor threads (0: one a core)."""

    def __init__(self, folder: Path, device: Literal["auto", "cpu", "cuda"] = "cpu", threads: int = 0) -> None:
        opened = open_model(folder, device, threads)
        self.model = opened.model
        self._cache = self.model.new_cache(max(LENGTHS) + STEPS)
        self._chunk = SIZES[opened.device].prefill_chunk
        if opened.message:
            print(opened.message)

    def read(self, token_ids: TokenIds) -> None:
        """Read `token_ids` [n] from the beginning."""
        self._cache.length = 0
        for start in range(0, len(token_ids), self._chunk):
            self.model.forward(token_ids[None, start : start + self._chunk], self._cache)

    def write(self, token_ids: TokenIds) -> list[float]:
        """Add `token_ids` [n] one by one. The answer is the seconds that each took."""
        return [seconds(self._step, token_ids[i : i + 1]) for i in range(len(token_ids))]

    def _step(self, token_ids: TokenIds) -> None:
        self.model.forward(token_ids[None], self._cache)


def main() -> None:
    given = arguments(__doc__, any_model=True)
    folder = chosen_folder(given.model)
    token_ids = tokens_of(prose(given.corpus), folder)
    served = Served(folder, given.device)
    prefill: dict[int, list[float]] = {length: [] for length in LENGTHS}
    decode: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for _ in range(5 if given.quick else 20):
        for length in LENGTHS:
            prefill[length].append(length / seconds(served.read, token_ids[:length]))
            decode[length] += [1 / taken for taken in served.write(token_ids[length : length + STEPS])]
    for length in LENGTHS:
        read, written = statistics.median(prefill[length]), statistics.median(decode[length])
        print(f"{length} tokens: read {read:.0f} a second, write {written:.0f} a second after them")
    finish(
        {
            "prefill_tokens_per_s": {length: round(statistics.median(prefill[length]), 1) for length in LENGTHS},
            "decode_tokens_per_s": {length: round(statistics.median(decode[length]), 1) for length in LENGTHS},
        }
    )


def tokens_of(text: str, folder: Path) -> TokenIds:
    """The tokens [n] of `text` for the model of `folder`. It must be long enough to measure with."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    token_ids = np.array(tokenizer.encode(text, add_special_tokens=False).ids, np.int64)
    if len(token_ids) < max(LENGTHS) + STEPS:
        sys.exit(f"The text is too short: {len(token_ids)} tokens of at least {max(LENGTHS) + STEPS}.")
    return token_ids


def seconds(run: Callable[[TokenIds], None], token_ids: TokenIds) -> float:
    """How long `run` takes with `token_ids`."""
    started = time.perf_counter()
    run(token_ids)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
