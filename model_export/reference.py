"""What the source itself says of the shipped prose, in 32-bit floats: the measure of everything made of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from tokenizers import Tokenizer

from lsp_writer.errors import ExportFailed
from lsp_writer.inference.model import Logits, TokenIds
from model_export import verify
from model_export.loaded import LoadedCheckpoint
from model_export.progress import Steps
from model_export.verify import Answers

#: Tokens after which all logits are kept, a fifth of a megabyte each: two chunks, so that a graph's cache is tried too.
_SAMPLE = 2 * verify.PREFILL_CHUNK


@dataclass(frozen=True)
class Reference:
    """`sample` are the logits [n, vocabulary] after each of the first n tokens of `stretches`."""

    stretches: list[TokenIds]
    #: So many tokens at the beginning of each stretch are not predicted.
    given: int
    answers: Answers
    sample: Logits
    #: What the probe reads.
    probe_ids: list[int]

    @property
    def compared(self) -> TokenIds:
        return self.stretches[0][: len(self.sample)]

    @property
    def tokens(self) -> int:
        return sum(len(stretch) for stretch in self.stretches)


def refer(source: LoadedCheckpoint, tokenizer_file: Path, context_tokens: int, steps: Steps) -> Reference:
    """Let the `source` read the prose, split by the tokenizer that the server will have.

    Raises ExportFailed if what it says is not numbers.
    """
    tokenizer = Tokenizer.from_file(str(tokenizer_file))
    beginning = source.beginning_ids
    stretches = verify.windows(_encode(tokenizer, verify.prose()), beginning, context_tokens)
    given = max(len(beginning), 1)
    with steps.step("Measuring the source", sum(map(len, stretches))) as advance:
        answers = verify.reference_answers(source.logits, stretches, advance, given)
        sample = source.logits(stretches[0][:_SAMPLE])
    if not math.isfinite(answers.perplexity):
        raise ExportFailed("The source's own answers are not numbers: its weights are damaged. Download them again.")
    return Reference(stretches, given, answers, sample, [*beginning, *_encode(tokenizer, verify.PROBE_TEXT)])


def _encode(tokenizer: Tokenizer, text: str) -> list[int]:
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    return ids
