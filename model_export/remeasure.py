"""Measuring an installed model again, and comparing that with what its manifest promises."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lsp_writer.errors import InvalidRequest
from lsp_writer.inference.manifest import Verification, load_manifest
from model_export import verify
from model_export.progress import Steps

if TYPE_CHECKING:
    from lsp_writer.inference.onnx_session import Device

#: How far a perplexity may be from what the manifest says: other processors round differently.
TOLERANCE = 0.005


class Measured(NamedTuple):
    """Perplexity over `tokens` tokens of prose, by passes of several tokens and of one token at a time on `device`."""

    tokens: int
    prefill: float
    decode: float
    device: Device = "cpu"


def read_prose(file: Path) -> str:
    """Raises InvalidRequest if `file` is not text in UTF-8, and OSError."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{file} is not text in UTF-8. Save it as UTF-8, or choose another file.") from error


def measure(folder: Path, prose: str, steps: Steps) -> Measured:
    """The model of `folder` over `prose`, by the code that serves it.

    Raises ModelUnavailable if any file is not what the manifest says, or the probe is answered wrongly, and
    InvalidRequest if `prose` has no token to predict.
    """
    from tokenizers import Tokenizer

    from lsp_writer.inference.opening import open_model

    with steps.step("Checking the files"):
        manifest = load_manifest(folder, hash_all=True)
    with steps.step("Opening the model"):
        opened = open_model(folder)
    model = opened.model
    beginning = manifest.beginning_of_text_ids
    tokenizer = Tokenizer.from_file(str(folder / manifest.tokenizer))
    ids = tokenizer.encode(prose, add_special_tokens=False).ids
    stretches = verify.windows(ids, beginning, model.context_tokens)
    if not stretches:
        raise InvalidRequest(
            "There is too little text to measure the model on. Choose a file with some pages of prose."
        )
    total, given = sum(len(stretch) for stretch in stretches), max(1, len(beginning))
    with steps.step("Measuring the model, several tokens at a time", total) as advance:
        prefill = verify.served_answers(model, stretches, verify.PREFILL_CHUNK, advance, given)
    with steps.step("Measuring the model, one token at a time", total) as advance:
        decode = verify.served_answers(model, stretches, 1, advance, given)
    return Measured(len(prefill.top_ids), prefill.perplexity, decode.perplexity, opened.device)


def faults(measured: Measured, promised: Verification) -> list[str]:
    """A sentence for everything that is out of bounds."""
    found = []
    rows = (
        ("several tokens at a time", measured.prefill, promised.prefill_perplexity),
        ("one token at a time", measured.decode, promised.decode_perplexity),
    )
    for how, perplexity, expected in rows:
        off = perplexity / expected - 1
        # What is promised was measured on the processor; that a card does better is no fault.
        if not (off if measured.device == "cuda" else abs(off)) <= TOLERANCE:
            found.append(
                f"Perplexity {how} is {perplexity:.2f}, more than {TOLERANCE:.1%} off the manifest's {expected:.2f}."
            )
        if not perplexity <= promised.reference_perplexity * (1 + verify.MAX_LOSS):
            found.append(
                f"Perplexity {how} is {perplexity:.2f}, more than {verify.MAX_LOSS:.0%} above the source's "
                f"{promised.reference_perplexity:.2f}."
            )
    return found
