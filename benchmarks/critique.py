"""How right, how quiet and how quick critiques are, with default settings.

`planted.md` is a story with mistakes planted in it, each between ⟦ and ⟧ behind its kind; of published fiction
(`--corpus`, any number of files) it is counted how much is said. `--list KIND` shows what is found of a kind,
`--missed` what is not. `--model N` lets the default model read every N-th paragraph, too, of a long one the end; what
it finds is off by default and counted by itself. `--quick` leaves Harper out, and how long a writer waits: with both it
takes some minutes for 100,000 words.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.corpus import prose
from benchmarks.margin import full_reading_s, ghost_text_ratios, hover_p95_ms, visible_s
from benchmarks.report import finish
from lsp_writer.composition import running_model
from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.review import MODEL_CRITIQUES, by_model
from lsp_writer.features.critiques.rules import OFF
from lsp_writer.features.critiques.story import story_of
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span
from lsp_writer.prose.words import count_words
from lsp_writer.settings import MachineSettings

PLANTED = Path(__file__).with_name("planted.md")
_MARK = re.compile(r"⟦(?P<kind>[a-z-]+)\||⟧")
_AROUND = 60
# Of a paragraph that the model reads; a hover would not wait for so long.
_SECONDS = 60.0
_HOVERS, _KEYS = 200, 60


class Planted(NamedTuple):
    """A text, and the mistakes in it."""

    text: str
    mistakes: tuple[tuple[CritiqueKind, Span], ...]


def planted(marked: str) -> Planted:
    """`marked` without its marks, and what stood between them."""
    text, end, opened = "", 0, (CritiqueKind.GRAMMAR, 0)
    mistakes: list[tuple[CritiqueKind, Span]] = []
    for mark in _MARK.finditer(marked):
        text += marked[end : mark.start()]
        end = mark.end()
        if mark["kind"]:
            opened = CritiqueKind(mark["kind"]), len(text)
        else:
            mistakes.append((opened[0], Span(opened[1], len(text))))
    return Planted(text + marked[end:], tuple(mistakes))


def main() -> None:
    given = _arguments()
    critic = Critic()
    story = planted(PLANTED.read_text(encoding="utf-8"))
    found = _found(critic, Manuscript("file:///planted.md", 1, Rope.of(story.text)), slow=not given.quick)
    there = {(finding.kind, finding.span) for finding in found}
    missed = [mistake for mistake in story.mistakes if mistake not in there]
    if given.missed:
        _show_missed(story, missed, found)
    read = [_read(critic, file, given) for file in given.corpus]
    words = sum(each.words for each in read)
    said = Counter(finding.kind for each in read for finding in each.findings)
    for name, count in said.most_common():
        print(f"{name:24} {count:6}   one in {words / count:7.0f} words")
    if given.model:
        asyncio.run(_read_by_model(given.corpus, given.model, given.list))
    finish(
        {
            "planted": len(story.mistakes),
            "planted_recall": round(1 - len(missed) / len(story.mistakes), 3),
            "findings_per_150_words": round(150 * said.total() / words, 3) if words else None,
            "fast_reading_s_per_100k_words": round(statistics.median(each.seconds for each in read), 2)
            if read
            else None,
            **({} if given.quick else _waits("\n".join(map(prose, given.corpus or [None])))),
        }
    )


class Read(NamedTuple):
    """What was found in a file, and how long the quick rules took for 100,000 words."""

    words: int
    findings: Sequence[Finding]
    seconds: float


def _read(critic: Critic, file: Path, given: argparse.Namespace) -> Read:
    text = file.read_text(encoding="utf-8")
    manuscript = Manuscript(file.resolve().as_uri(), 1, Rope.of(text), file.suffix == ".md")
    start = time.perf_counter()
    findings = _found(critic, manuscript, slow=False)
    seconds = time.perf_counter() - start
    if not given.quick:
        findings = _found(critic, manuscript, slow=True)
    for finding in findings:
        if finding.kind in given.list:
            print(f"{file.stem} {finding.kind}: {_around(text, finding.span)}")
    words = max(count_words(text), 1)
    return Read(words, findings, seconds * 100_000 / words)


def _show_missed(story: Planted, missed: Sequence[tuple[CritiqueKind, Span]], found: Sequence[Finding]) -> None:
    for kind, span in missed:
        print(f"missed {kind}: {_around(story.text, span)}")
    for finding in found:
        if (finding.kind, finding.span) not in story.mistakes:
            print(f"besides {finding.kind}: {_around(story.text, finding.span)}")


def _waits(text: str) -> dict[str, float]:
    first, visible = visible_s(text)
    ghost_text = ghost_text_ratios(text, keys=_KEYS)
    return {
        "full_reading_s_per_100k_words": round(full_reading_s(text), 1),
        "hover_p95_ms": round(hover_p95_ms(text, hovers=_HOVERS), 1),
        "visible_ready_s": round(visible, 2),
        "visible_ready_with_the_readers_start_s": round(first, 2),
        "ghost_text_while_reading_ratio": round(ghost_text.while_reading, 2),
        "ghost_text_control_ratio": round(ghost_text.control, 2),
    }


def _found(critic: Critic, manuscript: Manuscript, *, slow: bool) -> Sequence[Finding]:
    return [finding for finding in critic.in_story(manuscript, slow=slow) if finding.kind not in OFF]


async def _read_by_model(files: Sequence[Path], every: int, listed: Sequence[str]) -> None:
    critic, words, said = Critic(), 0, Counter[str]()
    async with running_model(MachineSettings()) as model:
        for file in files:
            text = file.read_text(encoding="utf-8")
            manuscript = Manuscript(file.resolve().as_uri(), 1, Rope.of(text), file.suffix == ".md")
            for paragraph in story_of(manuscript, critic.read).paragraphs[::every]:
                words += len(paragraph.reading.words)
                for last in paragraph.reading.sentences[-1:]:
                    for finding in await by_model(model, manuscript, paragraph, last, _SECONDS):
                        said[finding.kind] += 1
                        if finding.kind in listed:
                            print(f"{file.stem} {finding.kind}: {_around(text, paragraph.placed(finding.span))}")
    for kind in MODEL_CRITIQUES:
        print(f"{kind:24} {said[kind]:6}   in {words} words, off by default")


def _around(text: str, span: Span) -> str:
    before, after = text[max(span.start - _AROUND, 0) : span.start], text[span.end : span.end + _AROUND]
    return " ".join(f"{before}⟦{text[span.start : span.end]}⟧{after}".split())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--corpus", type=Path, nargs="*", default=[], metavar="FILE", help="published fiction, in UTF-8"
    )
    parser.add_argument("--list", nargs="*", default=[], metavar="KIND", help="show what is found of these kinds")
    parser.add_argument("--missed", action="store_true", help="show what of the planted mistakes is missed")
    parser.add_argument("--quick", action="store_true", help="leave out Harper, and how long a writer waits")
    parser.add_argument("--model", type=int, metavar="N", help="let the model read every N-th paragraph, too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
