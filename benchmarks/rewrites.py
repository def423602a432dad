"""How many rewrites pass their checks, entry by entry, over passages written for the purpose (passages.toml).

A rewrite passes if no part of the passage had to stay as it was. A passage counts only for entries that have something
to do there: none is put into the past that is in the past already, and dialogue is sharpened where there is some.

`--out FILE` keeps every result as a line of JSON as it comes, and a run with the FILE of an earlier one goes on where
that stopped. By default the default model is measured; `--model` takes a name or a folder.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import time
from pathlib import Path

import msgspec

from benchmarks.report import finish
from lsp_writer.composition import running_model
from lsp_writer.errors import WriterError
from lsp_writer.features.revision.commission import Commission
from lsp_writer.features.revision.entry import Entry
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.revise import revise
from lsp_writer.features.revision.target import target_of
from lsp_writer.generation import TextModel
from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.sentences import sentence_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.spelling import Variety, respelled
from lsp_writer.prose.tense import tense_of
from lsp_writer.prose.viewpoint import viewpoint_of
from lsp_writer.settings import MachineSettings

_PASSAGES = Path(__file__).with_name("passages.toml")
_OTHER_SPELLING: dict[Variety, Variety] = {"british": "american", "american": "british"}
_ABOUT_DIALOGUE = frozenset({"sharpen-dialogue", "dialogue-to-narration"})
# What a writer would answer where an entry asks.
_ANSWERS = {
    "translate": "French",
    "first-person": "the first person who is named",
    "third-person": "Thomas, he",
    "ask": "Let it be told by somebody who is very tired.",
}


class Passage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    text: str
    #: The same text with slips to be corrected.
    slips: str = ""
    language: str = "en"
    #: Among those that pass rates are published for. These come first.
    rated: bool = False
    before: str = ""
    after: str = ""


class Result(msgspec.Struct, frozen=True):
    """One rewrite: its text, or why there was none or a part stayed as it was."""

    model: str
    entry: str
    passage: str
    seed: int
    text: str
    why: str
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.why


class Row(msgspec.Struct, frozen=True):
    """One entry's results: of how many passages, how many passed, and the share of all that did."""

    entry: str
    passages: int
    first: int
    first_or_second: int
    rate: float
    seconds: float


def main() -> None:
    asyncio.run(_measure(_arguments()))


async def _measure(given: argparse.Namespace) -> None:
    library = shipped()
    entries = [library.find(name) for name in given.entries.split(",")] if given.entries else library.entries.values()
    done = _earlier(given.out)
    rows: list[Row] = []
    async with running_model(MachineSettings(model=given.model)) as model:
        name = model.status.capabilities.name if model.status.capabilities else ""
        for entry in entries:
            results: list[Result] = []
            for passage in _passages(entry, given):
                for seed in range(given.seeds):
                    result = done.get((name, entry.id, passage.name, seed))
                    if result is None:
                        result = await _result(model, name, entry, passage, seed)
                        _keep(result, given.out)
                    if given.show:
                        print(f"{entry.id}, {passage.name}, {seed}: {result.text} [{result.why}]\n", flush=True)
                    results.append(result)
                    if given.until_passed and result.passed:
                        break
            if results:
                rows.append(_row(entry, results))
                print(_line(rows[-1]), flush=True)
    tried = sum(row.passages for row in rows)
    finish(
        {
            "model": name,
            "passed_first": round(sum(row.first for row in rows) / max(tried, 1), 3),
            "passed_first_or_second": round(sum(row.first_or_second for row in rows) / max(tried, 1), 3),
            "entries": {row.entry: row.rate for row in rows},
        }
    )


async def _result(model: TextModel, name: str, entry: Entry, passage: Passage, seed: int) -> Result:
    before = f"{passage.before}\n\n" if passage.before else ""
    after = f"\n\n{passage.after}" if passage.after and entry.takes != "caret" else ""
    manuscript = Manuscript("file:///passage.md", 1, Rope.of(before + passage.text + after))
    end = len(before + passage.text)
    target = target_of(manuscript, Span(end if entry.takes == "caret" else len(before), end), entry)
    start = time.perf_counter()
    text, why = "", "there was nothing to do"
    if target is not None:
        try:
            commission = Commission(entry=entry, answer=_answer(entry, passage), seed=seed, alternatives=1)
            revised = await revise(model, manuscript, target, commission, lambda _: None)
        except WriterError as error:
            why = str(error)
        else:
            text, why = "\n".join(alternative.text for alternative in revised.alternatives), revised.note
    return Result(name, entry.id, passage.name, seed, text, why, round(time.perf_counter() - start, 1))


def _answer(entry: Entry, passage: Passage) -> str:
    """What a writer might answer; a story is opened from an idea, for which a passage's first sentence has to do."""
    if entry.id == "opening-line":
        first = sentence_spans(passage.text)[0]
        return passage.text[: first.end]
    return _ANSWERS.get(entry.id, "")


def _passages(entry: Entry, given: argparse.Namespace) -> list[Passage]:
    """The passages in which `entry` has something to do, as it is to find them."""
    passages = [
        passage
        for passage in msgspec.toml.decode(_PASSAGES.read_bytes(), type=dict[str, list[Passage]])["passage"]
        if passage.language == given.language
    ]
    fit = [changed for passage in passages if (changed := _made_for(entry, passage))]
    return fit[: given.passages]


def _made_for(entry: Entry, passage: Passage) -> Passage | None:
    text, becomes = passage.text, entry.becomes
    if entry.way == "copy-edit":
        text = passage.slips
    elif becomes.spelling:
        text = respelled(text, _OTHER_SPELLING[becomes.spelling])
    has_something = (
        text
        and (entry.does != "replace" or _differs(text, entry, passage.language))
        and (entry.id not in _ABOUT_DIALOGUE or dialogue_spans(text))
    )
    return msgspec.structs.replace(passage, text=text) if has_something else None


def _differs(text: str, entry: Entry, language: str) -> bool:
    """Whether `text` is not yet what the entry is to make of it."""
    becomes = entry.becomes
    return (
        (not becomes.tense or tense_of(text, language) not in (None, becomes.tense))
        and (not becomes.viewpoint or viewpoint_of(text, language) not in (None, becomes.viewpoint))
        and (not becomes.spelling or respelled(text, becomes.spelling) != text)
    )


def _row(entry: Entry, results: list[Result]) -> Row:
    by_passage: dict[str, list[Result]] = {}
    for result in results:
        by_passage.setdefault(result.passage, []).append(result)
    return Row(
        entry=entry.id,
        passages=len(by_passage),
        first=sum(tries[0].passed for tries in by_passage.values()),
        first_or_second=sum(any(result.passed for result in tries[:2]) for tries in by_passage.values()),
        rate=round(statistics.mean(result.passed for result in results), 3),
        seconds=statistics.median(result.seconds for result in results),
    )


def _line(row: Row) -> str:
    return (
        f"{row.entry:24} {row.first:3} of {row.passages:2} at the first seed, {row.first_or_second:3} at the first or "
        f"second; {row.rate:4.0%} of all; {row.seconds:.0f} s each"
    )


def _earlier(file: Path | None) -> dict[tuple[str, str, str, int], Result]:
    """What an earlier run has kept, by model, entry, passage and seed."""
    lines = file.read_bytes().splitlines() if file and file.exists() else []
    results = [msgspec.json.decode(line, type=Result) for line in lines if line.endswith(b"}")]
    return {(result.model, result.entry, result.passage, result.seed): result for result in results}


def _keep(result: Result, file: Path | None) -> None:
    if file:
        with file.open("ab") as kept:
            kept.write(msgspec.json.encode(result) + b"\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default="", help="an installed model, or the folder of one")
    parser.add_argument("--entries", default="", metavar="A,B", help="rewrites by id; all of them if not said")
    parser.add_argument("--language", default="en", help="the language of the passages")
    parser.add_argument("--passages", type=int, default=10, help="the most for each entry; the rated ones come first")
    parser.add_argument("--seeds", type=int, default=1, help="how often each is tried")
    parser.add_argument("--until-passed", action="store_true", help="try a further seed only where the last one failed")
    parser.add_argument("--show", action="store_true", help="print every text")
    parser.add_argument("--out", type=Path, metavar="FILE", help="keep each result as it comes, and go on from there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
