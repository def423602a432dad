"""One continuation as it grows: a token chosen, its text given out, its end noticed."""

from __future__ import annotations

from collections.abc import Iterator

from lsp_writer.generation import Generate, Piece, StopReason
from lsp_writer.inference.model import Logits
from lsp_writer.inference.sampling import log_softmax, only, sampler
from lsp_writer.inference.stopping import Ending, is_loop
from lsp_writer.inference.tokenizer import Detokenizer, Tokenizer
from lsp_writer.inference.vocabulary import Vocabulary

# How far before the generated text its end pattern may look, in characters.
_LOOK_BACK = 32


class Row:
    """A candidate of a batch. `choose` picks its next token, `take` gives out what that token adds to the text."""

    def __init__(self, request: Generate, tokenizer: Tokenizer, candidate: int) -> None:
        self.reason: StopReason | None = None
        self.last_token = 0
        self.text = ""
        self._candidate = candidate
        self._vocabulary: Vocabulary = tokenizer.vocabulary
        self._end_ids = tokenizer.end_ids
        self._sample = sampler(request.sampling, request.sampling.seed + candidate)
        self._greedy = request.sampling.temperature == 0
        self._typed = request.typed.encode("utf-8", "replace")
        self._most = request.stops.max_new_tokens
        self._loops_stop = request.stops.at_loop
        self._ending = Ending(request.stops, (request.prompt[-1].text + request.typed)[-_LOOK_BACK:])
        self._detokenizer = Detokenizer()
        self._token_ids: list[int] = []
        self._log_probability = 0.0
        # After each piece: how long the text was, and the log-probability of all of it.
        self._grown: list[tuple[int, float]] = []

    def choose(self, logits: Logits, *, first: bool = False) -> None:
        """Pick the next token from `logits` [vocabulary]. Greedy candidates part at their first token: candidate n
        takes the n-th best one."""
        if self.reason:
            return
        if self._typed:
            logits = only(logits, self._vocabulary.agreeing(self._typed))
        log_probabilities = log_softmax(logits)
        if first and self._greedy:
            self.last_token = int((-log_probabilities).argpartition(self._candidate)[self._candidate])
        else:
            self.last_token = self._sample(logits, self._token_ids)
        self._log_probability += float(log_probabilities[self.last_token])

    def take(self, stop: StopReason | None) -> Iterator[Piece]:
        """The text that the chosen token lets go, if any. `stop` ends the continuation here, for a reason from
        outside."""
        if self.reason:
            return
        if stop or self.last_token in self._end_ids:
            yield from self._piece(self._ending.flush(stop or StopReason.END_OF_TEXT))
        else:
            yield from self._piece(self._ending.feed(self._detokenizer.feed(self._new_bytes())))
            if not self._ending.reason and len(self._token_ids) >= self._most:
                yield from self._piece(self._ending.flush(StopReason.MAX_TOKENS))
            elif not self._ending.reason and self._loops_stop and is_loop(self._token_ids):
                yield from self._piece(self._ending.flush(StopReason.LOOP))
        self.reason = self._ending.reason

    def log_probability_of(self, length: int) -> float:
        """The log-probability of the tokens that the first `length` characters of the text took."""
        return next((total for end, total in self._grown if end >= length), 0.0)

    def _new_bytes(self) -> bytes:
        """The chosen token's bytes after what is left of the typed text."""
        token = self._vocabulary[self.last_token]
        if not self._typed:
            self._token_ids.append(self.last_token)
            return token
        used = min(len(self._typed), len(token))
        self._typed = self._typed[used:]
        return token[used:]

    def _piece(self, text: str) -> Iterator[Piece]:
        if text:
            self.text += text
            total = (self._grown[-1][1] if self._grown else 0.0) + self._log_probability
            self._grown.append((len(self.text), total))
            yield Piece(text, self._log_probability, self._candidate)
            self._log_probability = 0.0


def start_rows(request: Generate, tokenizer: Tokenizer, logits: Logits) -> list[Row]:
    """The candidates of `request`, each with its first token chosen from `logits` [vocabulary]."""
    rows = [Row(request, tokenizer, candidate) for candidate in range(request.candidates)]
    for row in rows:
        row.choose(logits, first=True)
    return rows
