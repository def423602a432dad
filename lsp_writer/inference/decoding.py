"""One continuation as it grows: a token chosen, its text given out, its end noticed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from lsp_writer.generation import Generate, Piece, StopReason
from lsp_writer.inference.model import Logits
from lsp_writer.inference.phrases import Wording, standing_before
from lsp_writer.inference.sampling import log_softmax, only, sampler
from lsp_writer.inference.stopping import Ending, Repetition, is_loop
from lsp_writer.inference.tokenizer import Detokenizer, Tokenizer
from lsp_writer.inference.vocabulary import Vocabulary
from lsp_writer.inference.word_ranking import Start

# How far before the generated text its end pattern may look, in characters.
_LOOK_BACK = 32


class Row:
    """A candidate of a batch. `choose` picks its next token, `take` gives out what the chosen tokens add to the text,
    `read` is what the model has to read next."""

    def __init__(self, request: Generate, tokenizer: Tokenizer, candidate: int, start: Start, wording: Wording) -> None:
        """`start` is chosen already."""
        self.reason: StopReason | None = None if request.stops.max_new_tokens else StopReason.MAX_TOKENS
        self._candidate = candidate
        self._vocabulary: Vocabulary = tokenizer.vocabulary
        self._end_ids = tokenizer.end_ids
        self._sample = sampler(request.sampling, request.sampling.seed + candidate, self._vocabulary, self._end_ids)
        self._wording = wording
        # All that stands before the next token, as far back as phrases may have begun.
        self._said = standing_before(request)
        self._typed = request.typed.encode("utf-8", "replace")
        self._most = request.stops.max_new_tokens
        self._loops_stop = request.stops.at_loop
        self._ending = Ending(request.stops, (request.prompt[-1].text + request.typed)[-_LOOK_BACK:])
        self._repetition = Repetition()
        self._detokenizer = Detokenizer()
        self._token_ids: list[int] = []
        self._chosen = deque(zip(start.token_ids, start.log_probabilities, strict=True))
        self._unread = deque(start.token_ids)
        #: Tokens that the model may have to read in all. The typed word may take one a byte.
        self.room = self._most + max(len(start.token_ids), len(self._typed))
        self._log_probability = 0.0

    @property
    def decoded(self) -> int:
        """Tokens generated so far, those that spell what was typed not counted."""
        return len(self._token_ids)

    @property
    def unread(self) -> int:
        """How many chosen tokens the model has not read."""
        return len(self._unread)

    def read(self, count: int) -> list[int]:
        """The next `count` unread tokens, which will then have been read."""
        return [self._unread.popleft() for _ in range(count)]

    @property
    def left(self) -> int:
        """How many more tokens it may have."""
        return self._most - self.decoded

    def has_chosen(self, token: int) -> bool:
        """Whether `token` comes next. If so, the model has read it."""
        agreed = self._unread[0] == token
        if agreed:
            self._unread.popleft()
        return agreed

    def choose(self, logits: Logits) -> None:
        """Pick the next token from `logits` [vocabulary], unless it is chosen already."""
        if self._unread:
            return
        if self._typed:
            logits = only(logits, self._vocabulary.agreeing(self._typed))
        token = self._sample(self._wording.applied(logits, self._said), self._token_ids)
        self._chosen.append((token, float(log_softmax(logits)[token])))
        self._unread.append(token)

    def take(self, stop: StopReason | None) -> Iterator[Piece]:
        """The text that the chosen tokens let go, if any. `stop` ends the continuation here, for a reason from
        outside."""
        if stop and not self.reason:
            yield from self._end(stop)
        while self._chosen and not self.reason:
            token, log_probability = self._chosen.popleft()
            self._log_probability += log_probability
            if token in self._end_ids:
                yield from self._end(StopReason.END_OF_TEXT)
                return
            text = self._detokenizer.feed(self._new_bytes(token))
            yield from self._piece(self._ending.feed(text))
            self._repetition.feed(text)
            self.reason = self._ending.reason
            if not self.reason and len(self._token_ids) >= self._most:
                yield from self._end(StopReason.MAX_TOKENS)
            elif not self.reason and self._loops_stop and (is_loop(self._token_ids) or self._repetition.found):
                yield from self._end(StopReason.LOOP)

    def _end(self, reason: StopReason) -> Iterator[Piece]:
        self.reason = reason
        yield from self._piece(self._ending.flush(reason))

    def _new_bytes(self, token: int) -> bytes:
        """The token's bytes after what is left of the typed text."""
        spelled = self._vocabulary[token]
        self._said += spelled
        if not self._typed:
            self._token_ids.append(token)
            return spelled
        used = min(len(self._typed), len(spelled))
        self._typed = self._typed[used:]
        return spelled[used:]

    def _piece(self, text: str) -> Iterator[Piece]:
        if text:
            yield Piece(text, self._log_probability, self._candidate)
            self._log_probability = 0.0


def start_rows(request: Generate, tokenizer: Tokenizer, starts: Sequence[Start], logits: Logits) -> list[Row]:
    """A candidate for each of `starts` that says nothing banned; without any, those that `request` samples, from
    `logits` [vocabulary]."""
    wording = Wording(request.sampling, tokenizer.vocabulary)
    before = standing_before(request)
    allowed = [start for start in starts if not wording.bans(start.token_ids, before)]
    sampled = request.candidates if request.sampling.temperature else 1
    rows = [
        Row(request, tokenizer, candidate, start, wording)
        for candidate, start in enumerate(allowed or [Start()] * sampled)
    ]
    for row in rows:
        row.choose(logits)
    return rows
