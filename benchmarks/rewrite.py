"""How much faster a copy-edit is with prompt lookup than a token at a time, and whether both say the same.

A passage of 300 words with fifteen slips is copy-edited by a model, by default the default one, as a chat: an
instruction, an example, and one paragraph after the other, greedily. Three ways take turns at each paragraph: "plain"
is one token a pass; "lookup" verifies drafts from the prompt; "no drafts" is lookup whose drafts are empty, which takes
the same kernels as lookup does. Tokens a second are those of writing, from the first text of each paragraph to its end;
figures are medians of the turns, and the speedup is the median of the ratios within a turn.

`identical` compares every piece of text, its probability and the reason of its end with drafts and without, greedily
and sampled. A small model may leave out a sentence or mend a slip wrongly: `kept` is how much of the passage's words
came back (difflib's ratio).
"""

from __future__ import annotations

import difflib
import statistics
import threading
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks.report import arguments, finish
from lsp_writer.generation import Event, Finished, Generate, Kind, Piece, Sampling, Segment, Stops
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.installed import chosen_folder
from lsp_writer.inference.loading import SIZES, load_tokenizer
from lsp_writer.inference.opening import open_model

_PASSAGE = Path(__file__).parent / "slips.md"
_INSTRUCTION = (
    "You are a copy editor. Correct the spelling, grammar and punctuation of the text. Change nothing else. "
    "Answer with the corrected text only."
)
_ASKED = "Correct the mistakes:\n\n"
_WRONG = (
    "Nobody new when the bus wood come. She had wrote the time down on her hand, but the rain have washed it of. "
    '"We could walk," I said. She shook her head and pulled up her collar.'
)
_RIGHT = (
    "Nobody knew when the bus would come. She had written the time down on her hand, but the rain had washed it off. "
    '"We could walk," I said. She shook her head and pulled up her collar.'
)
_GREEDY = Sampling()
_SAMPLED = Sampling(temperature=0.7, top_p=0.95, seed=7)


class Answer(NamedTuple):
    """What a model said to one paragraph."""

    events: tuple[Event, ...]
    #: Tokens after the first text, and the seconds that they took.
    tokens: int
    seconds: float

    @property
    def text(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, Piece))


def main() -> None:
    given = arguments(__doc__, any_model=True)
    folder = chosen_folder(given.model)
    opened = open_model(folder, given.device)
    tokenizer, sizes = load_tokenizer(folder, opened.manifest), SIZES[opened.device]
    engines = {
        way: Engine(opened.model, tokenizer, sizes._replace(drafted=drafted))
        for way, drafted in (("plain", 0), ("lookup", sizes.drafted), ("no drafts", 0))
    }
    text = (given.corpus or _PASSAGE).read_text(encoding="utf-8").strip()

    turns: dict[str, list[float]] = {way: [] for way in engines}
    for turn in range(3 if given.quick else 10):
        said: dict[str, list[Answer]] = {way: [] for way in engines}
        for paragraph in text.split("\n\n"):
            for way, engine in engines.items():
                said[way].append(answer(engine, copy_edit(paragraph, lookup=way != "plain")))
        for way, answers in said.items() if turn else ():  # the first turn warms up
            turns[way].append(sum(answer.tokens for answer in answers) / sum(answer.seconds for answer in answers))
    lookup = engines["lookup"]
    drafted, accepted = lookup.drafted_tokens, lookup.accepted_tokens
    sampled = [
        [answer(engines[way], copy_edit(paragraph, lookup=True, sampling=_SAMPLED)) for paragraph in text.split("\n\n")]
        for way in ("lookup", "no drafts")
    ]
    speedup = statistics.median(fast / slow for fast, slow in zip(turns["lookup"], turns["plain"], strict=True))
    kept = {way: likeness(text, answers) for way, answers in said.items()}

    print("\n\n".join(answer.text for answer in said["lookup"]), end="\n\n")
    for way, speeds in turns.items():
        print(f"{way}: {statistics.median(speeds):.0f} tokens a second, {kept[way]:.0%} of the words kept")
    print(f"drafts: {accepted} of {drafted} tokens accepted ({accepted / max(drafted, 1):.0%})")
    finish(
        {
            "prompt_lookup_speedup": round(speedup, 2),
            "identical": same(said["lookup"], said["no drafts"]) and same(*sampled),
            "plain_tokens_per_s": round(statistics.median(turns["plain"]), 1),
            "lookup_tokens_per_s": round(statistics.median(turns["lookup"]), 1),
            "no_drafts_tokens_per_s": round(statistics.median(turns["no drafts"]), 1),
            "tokens": sum(answer.tokens for answer in said["lookup"]),
            "drafted": drafted,
            "accepted": accepted,
            "acceptance": round(accepted / max(drafted, 1), 3),
            "kept": round(kept["lookup"], 3),
        }
    )


def copy_edit(paragraph: str, *, lookup: bool, sampling: Sampling = _GREEDY) -> Generate:
    return Generate(
        prompt=(
            Segment(_INSTRUCTION, "system"),
            Segment(_ASKED + _WRONG, "user"),
            Segment(_RIGHT, "assistant"),
            Segment(_ASKED + paragraph, "user"),
        ),
        # A token is some four characters; a copy is about as long as what it copies.
        stops=Stops(max_new_tokens=len(paragraph) // 2),
        sampling=sampling,
        lookup=lookup,
    )


def answer(engine: Engine, request: Generate) -> Answer:
    """What `engine` says, timed from its first text."""
    events: list[Event] = []
    began = ended = 0.0
    for event in engine.run(Kind.REVISION, request, threading.Event()):
        if event is not None:
            ended = time.perf_counter()
            began = began or ended
            events.append(event)
    last = events[-1]
    assert isinstance(last, Finished)
    return Answer(tuple(events), last.decoded_tokens - 1, ended - began)


def same(some: list[Answer], others: list[Answer]) -> bool:
    """Whether all pieces, their probabilities and the reasons of the ends are the same."""
    return [outcome(answer) for answer in some] == [outcome(answer) for answer in others]


def outcome(answer: Answer) -> tuple[tuple[Event, ...], object]:
    *pieces, last = answer.events
    assert isinstance(last, Finished)
    return tuple(pieces), (last.reason, last.decoded_tokens)


def likeness(text: str, answers: list[Answer]) -> float:
    """How much of the words of `text` the answers have, from 0 to 1."""
    words = " ".join(answer.text for answer in answers).split()
    return difflib.SequenceMatcher(None, text.split(), words, autojunk=False).ratio()


if __name__ == "__main__":
    main()
