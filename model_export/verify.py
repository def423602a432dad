"""How near a model comes to the weights it was made of, measured over prose by the code that serves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.manifest import Probe, Verification
from lsp_writer.inference.model import LanguageModel, Logits, TokenIds
from model_export.progress import Advance

#: Tokens that a prediction may look back on: as many as the server shows the model while the writer types.
WINDOW = 512
PREFILL_CHUNK = 64

#: How much larger than the reference's the perplexity of an installed model may be.
MAX_LOSS = 0.01
#: Before its weights are made smaller the graph computes what the reference does: in the same 32-bit floats, or in 16
#: for a graphics card. More than rounding means a wrong graph.
MAX_GRAPH_DIFFERENCE = MappingProxyType({"float32": 0.01, "float16": 0.5})

PROBE_TEXT = "The old man closed the door behind him and walked down to the sea. The night was dark and full of"
_PROBE_TOP = 8
#: Kernels for one row and for several differ by up to 1.4 with 8-bit activations; a broken device by tens.
_PROBE_TOLERANCE = 2.0


class Answers(NamedTuple):
    """What a model said of each token of the prose, given those before it."""

    #: Natural logarithm of the probability of the token that stands there, [n].
    log_probabilities: npt.NDArray[np.float64]
    #: The most probable token, [n].
    top_ids: npt.NDArray[np.int64]

    @property
    def perplexity(self) -> float:
        return float(np.exp(-self.log_probabilities.mean()))

    def agreement(self, other: Answers) -> float:
        return float((self.top_ids == other.top_ids).mean())


def prose() -> str:
    """Fiction written for this project, so that verification needs nothing from outside."""
    return (files(__package__) / "prose.txt").read_text(encoding="utf-8")


def windows(
    token_ids: Sequence[int], beginning_ids: Sequence[int] = (), context_tokens: int = WINDOW
) -> list[TokenIds]:
    """The prose in stretches of at most WINDOW tokens, each read without the others, by a model whose prompts all
    begin with `beginning_ids` and hold at most `context_tokens`."""
    ids, beginning = np.array(token_ids, np.int64), np.array(beginning_ids, np.int64)
    size = min(WINDOW, context_tokens) - len(beginning)
    return [np.concatenate((beginning, ids[i : i + size])) for i in range(0, len(ids) - 1, size)]


def reference_answers(
    logits: Callable[[TokenIds], Logits], stretches: list[TokenIds], advance: Advance, given: int = 1
) -> Answers:
    """`logits` maps a row of tokens [n] to their logits [n, vocabulary]. The first `given` of a stretch are not
    predicted: its first token, or all that every prompt begins with."""
    parts = []
    for stretch in stretches:
        parts.append(_answers(logits(stretch)[given - 1 : -1], stretch[given:]))
        advance(len(stretch))
    return _joined(parts)


def served_answers(
    model: LanguageModel, stretches: list[TokenIds], step: int, advance: Advance, given: int = 1
) -> Answers:
    """What `model` answers when it reads `step` tokens at a time; `given` as in `reference_answers`."""
    cache = model.new_cache(WINDOW)
    parts = []
    for stretch in stretches:
        cache.length = 0
        for start in range(0, len(stretch) - 1, step):
            end = min(start + step, len(stretch) - 1)
            logits = model.forward(stretch[None, start:end], cache, end - start)[0]
            unscored = max(0, given - start - 1)
            parts.append(_answers(logits[unscored:], stretch[start + 1 + unscored : end + 1]))
            advance(end - start)
    return _joined(parts)


def graph_difference(model: LanguageModel, stretch: TokenIds, reference: Logits, dtype: str = "float32") -> float:
    """The largest difference between one logit of `model`, which computes in `dtype`, and of `reference`
    [n, vocabulary] over `stretch` [n].

    Raises ExportFailed if it is more than rounding explains.
    """
    cache, differences = model.new_cache(len(stretch)), []
    for start in range(0, len(stretch), PREFILL_CHUNK):
        chunk = stretch[None, start : start + PREFILL_CHUNK]
        logits = model.forward(chunk, cache, chunk.shape[1])[0]
        differences.append(np.abs(logits - reference[start : start + PREFILL_CHUNK]).max())
    difference = float(np.max(differences))
    if not difference <= MAX_GRAPH_DIFFERENCE[dtype]:
        raise ExportFailed(
            f"The exported graph does not compute what the model does (a logit is off by {difference:.3g}), "
            "so it was not installed. Please report this with the versions that pip list shows."
        )
    return difference


def is_good(perplexity: float, reference: float) -> bool:
    """Whether a model predicts the prose at most MAX_LOSS worse than the reference."""
    return perplexity <= reference * (1 + MAX_LOSS)


def describe(reference: Answers, prefill: Answers, decode: Answers, difference: float) -> Verification:
    """`difference` is what `graph_difference` found."""
    return Verification(
        tokens=len(reference.top_ids),
        reference_perplexity=round(reference.perplexity, 3),
        prefill_perplexity=round(prefill.perplexity, 3),
        decode_perplexity=round(decode.perplexity, 3),
        prefill_agreement=round(prefill.agreement(reference), 4),
        decode_agreement=round(decode.agreement(reference), 4),
        graph_logit_difference=float(f"{difference:.1g}"),
    )


def make_probe(model: LanguageModel, token_ids: Sequence[int]) -> Probe:
    logits = model.forward(np.array([token_ids], np.int64), model.new_cache(len(token_ids)))[0, -1]
    top = np.argsort(-logits)[:_PROBE_TOP]
    return Probe(
        token_ids=tuple(token_ids),
        top_ids=tuple(int(token) for token in top),
        top_logits=tuple(round(float(logits[token]), 3) for token in top),
        tolerance=_PROBE_TOLERANCE,
    )


def _answers(logits: Logits, targets: TokenIds) -> Answers:
    """Of logits [n, vocabulary] and the tokens [n] that came."""
    top = logits.max(axis=-1)
    totals = np.exp(logits - top[:, None]).sum(axis=-1, dtype=np.float64)
    chosen = np.take_along_axis(logits, targets[:, None], axis=-1)[:, 0]
    return Answers(chosen - top - np.log(totals), logits.argmax(axis=-1))


def _joined(parts: list[Answers]) -> Answers:
    return Answers(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))
