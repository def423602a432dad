"""Speculative decoding: several tokens of one continuation from one pass, when they were guessed rightly.

Every pass takes at least two tokens, since a pass of one takes other kernels, whose logits differ a little. So what is
said does not depend on what was guessed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence

from lsp_writer.generation import Event, Piece, StopReason
from lsp_writer.inference.decoding import Row
from lsp_writer.inference.kv_cache import Lane
from lsp_writer.inference.model import Logits
from lsp_writer.inference.prompt_lookup import PromptLookup

#: Appends token ids to the lane's cache, and answers with the logits [tokens, vocabulary] after each of them.
Forward = Callable[[Sequence[int]], Logits]


def speculate(row: Row, lane: Lane, lookup: PromptLookup, forward: Forward, deadline: float) -> Generator[Event | None]:
    """Let `row` grow to its end behind the tokens of `lane`. It says what it would say a token at a time, by the same
    random numbers."""
    while True:
        yield from tuple(row.take(StopReason.TIME if time.monotonic() > deadline else None)) or (None,)
        if row.reason:
            return
        chosen = row.read(row.unread)
        for token in chosen:
            lookup.feed(token)
        draft = lookup.propose(row.left - 1)
        # The last token once more, which nobody looks at, where there would be one alone.
        filler = chosen if len(chosen) + len(draft) == 1 else []
        read = [*chosen, *draft, *filler]
        logits = forward(read)
        lane.append(read)
        accepted, pieces = _verify(row, draft, logits[len(chosen) - 1 :])
        for token in draft[:accepted]:
            lookup.feed(token)
        lane.rewind(len(lane.token_ids) - len(read) + len(chosen) + accepted)
        yield from pieces


def _verify(row: Row, draft: Sequence[int], logits: Logits) -> tuple[int, list[Piece]]:
    """Let `row` choose by `logits` [more than drafted, vocabulary] until it ends or chooses what `draft` has not. The
    answer is how many tokens they agree on, and what these say."""
    pieces: list[Piece] = []
    row.choose(logits[0])
    for accepted, token in enumerate(draft):
        if row.reason or not row.has_chosen(token):
            return accepted, pieces
        pieces += row.take(None)
        if not row.reason:
            row.choose(logits[accepted + 1])
    return len(draft), pieces
