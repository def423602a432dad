"""A whole manuscript read in portions."""

from __future__ import annotations

import pytest

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.known import SHOWN, Known
from lsp_writer.features.critiques.reader import Reader
from lsp_writer.features.critiques.reader_process import Page, ReaderGone, ReaderProcess
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope

QUIET = "Mara put the lamp on the sill 😀 and went down to the boats, where her brother was mending a net."
SLIP = "She let the the rope fall."
STORY = "\r\n\r\n".join(["# One", QUIET, SLIP, "***", f"“Go home,” she said. {QUIET}", "She has a aunt there."])


def manuscript(text: str, *, markdown: bool = True) -> Manuscript:
    return Manuscript("file:///story.md", 1, Rope.of(text), markdown)


def found(known: Known) -> list[Finding]:
    return sorted((*known.quick, *known.others), key=lambda finding: finding.span)


def read_to_the_end(reader: Reader) -> Known:
    while not (known := reader.read_on(60)).complete:
        pass
    return known


@pytest.mark.parametrize("near", [0, 150, 10_000])
def test_portions_find_what_one_reading_finds(near: int) -> None:
    reader = Reader()
    reader.take(manuscript(STORY), near)
    portions = [reader.read_on(0)]
    while not portions[-1].complete:
        portions.append(reader.read_on(0))
    assert len(portions) > 1
    assert found(portions[-1]) == Critic().in_story(manuscript(STORY), slow=True)
    assert {finding.kind for finding in found(portions[-1])} >= {CritiqueKind.DOUBLED_WORD, CritiqueKind.GRAMMAR}


def test_the_page_that_the_writer_is_at_comes_first() -> None:
    text = "\n\n".join([QUIET] * 200 + [SLIP] + [QUIET] * 200 + [SLIP])
    reader = Reader()
    reader.take(manuscript(text), text.index(SLIP) + 900)
    known = reader.read_on(0)
    while not known.quick:
        assert not known.complete
        known = reader.read_on(0)
    (first,) = known.quick
    assert text[first.span.start : first.span.end] == "the the"
    assert abs(first.span.start - text.index(SLIP)) < SHOWN


def test_what_is_enough_is_broken_off_after_a_paragraph() -> None:
    reader = Reader()
    reader.take(manuscript("\n\n".join([SLIP] * 50)), 0)
    known = reader.read_on(60, enough=lambda: True)
    assert not known.complete
    assert len(known.quick) == 1
    assert len(read_to_the_end(reader).quick) == 50


def test_an_edit_costs_the_reading_of_its_paragraph_alone() -> None:
    reader = Reader()
    paragraphs = [f"{QUIET} {number}." for number in range(50)]
    for edited in range(3):
        paragraphs[edited] += " She sang."
        reader.take(manuscript("\n\n".join(paragraphs)), 0)
        read_to_the_end(reader)
    assert reader._critic.read.cache_info().misses == 50 + 2 * 1


def test_a_text_beyond_all_books_is_read_where_the_writer_is() -> None:
    text = f"{QUIET}\n\n" * 31_000 + SLIP
    reader = Reader()
    reader.take(manuscript(text), len(text) - 10)
    known = read_to_the_end(reader)
    assert [text[finding.span.start : finding.span.end] for finding in known.quick] == ["the the"]


def test_without_a_text_there_is_nothing_to_read() -> None:
    assert Reader().read_on(0) == Known(complete=True)


@pytest.mark.process
def test_the_process_reads_and_dies_with_its_orders() -> None:
    process = ReaderProcess()

    def read() -> Known:
        known = process.ask(Page(STORY, markdown=True, near=0), 60)
        while not known.complete:
            known = process.ask(None, 60)
        return known

    known = read()
    assert found(known) == Critic().in_story(manuscript(STORY), slow=True)
    assert process.ask(None, 0) == known
    process.close()
    process.close()
    # A page starts it again.
    assert read() == known
    process.close()


@pytest.mark.process
def test_a_reader_that_was_killed_is_told_of() -> None:
    process = ReaderProcess()
    process.ask(None, 0)
    assert process._running is not None
    process._running.process.kill()
    with pytest.raises(ReaderGone):
        process.ask(Page(STORY, markdown=True, near=0), 60)
    process.close()
