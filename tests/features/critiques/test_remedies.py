"""What is offered about a finding: its words, and the changes that it makes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.critiques.critic import Critic
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.remedies import (
    PLURALS,
    Change,
    fix_all,
    fixes_of,
    ignoring_here,
    is_safe,
    quotable,
    title_of,
    word_in,
)
from lsp_writer.features.critiques.wanted import Wishes, wanted
from lsp_writer.prose.manuscript import Manuscript
from lsp_writer.prose.rope import Rope
from lsp_writer.prose.span import Span

CRITIC = Critic()
PARAGRAPHS = (
    "She recieved the the letter. “Go home.” she said, untill the goverment fell 😀.",
    "“I know, he said. It was very unique, and 3 uncles came.",
    "小刘 said so --- no, 小刘 wrote it. He definately ran -- or walked — or sat — or slept — away.",
    "Zoe\u0308 recieved it it and wept. “Yes.” He said. “No”, she said.",
    "Nothing is wrong here.",
)


def manuscript_of(text: str, *, markdown: bool = True) -> Manuscript:
    return Manuscript("file:///story.md", 1, Rope.of(text), markdown)


def after(text: str, changes: Sequence[Change]) -> str:
    rope = Rope.of(text)
    for change in reversed(changes):
        rope = rope.replace(change.span.start, change.span.end, change.new)
    return str(rope)


@pytest.mark.parametrize(
    ("old", "new", "title"),
    [
        ("recieve", "receive", "Replace “recieve” with “receive”"),
        ("the the", "the", "Leave out “the”"),
        ("The\nthe", "The", "Leave out “the”"),
        (".", ",", "Replace the full stop with a comma"),
        ("”", ",”", "Add a comma"),
        ("--", "—", "Replace the double hyphen with a dash"),
        ('"', "”", "Replace the straight mark with a closing mark"),
        ("very unique", "unique", "Leave out “very”"),
        ("Past history", "History", "Replace “Past history” with “History”"),
        ("a", "an", "Replace “a” with “an”"),
        ("cant", "can't", "Replace “cant” with “can't”"),
        ("dogs", "dogs’", "Replace “dogs” with “dogs’”"),
        ("some one", "someone", "Replace “some one” with “someone”"),
        ("alot", "a lot", "Replace “alot” with “a lot”"),
        ("well", "well,", "Add a comma"),
        ("of", "", "Leave out “of”"),
        ("  ", " ", "Leave out a space"),
        ("3", "three", "Replace “3” with “three”"),
        (
            "x" * 60,
            "y",
            f"Replace “{'x' * 39}…” with “y”",
        ),
    ],
)
def test_titles(old: str, new: str, title: str) -> None:
    assert title_of(old, new) == title


def test_every_kind_has_a_name() -> None:
    assert set(PLURALS) == set(CritiqueKind)


@given(st.text(), st.text())
def test_any_fix_has_a_title(old: str, new: str) -> None:
    assert title_of(old, new)


@given(st.lists(st.sampled_from(PARAGRAPHS), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_fix_changes_its_place_and_nothing_else(paragraphs: list[str], ending: str, markdown: bool) -> None:
    text = (ending * 2).join(paragraphs) + ending
    manuscript = manuscript_of(text, markdown=markdown)
    findings = CRITIC.in_story(manuscript)
    for finding in findings:
        for change in fixes_of(finding):
            new = after(text, [change])
            assert new[: finding.span.start] == text[: finding.span.start]
            assert new.endswith(text[finding.span.end :])
            assert new[finding.span.start : len(new) - len(text) + finding.span.end] in finding.fixes
    changes = fix_all(findings)
    kept, end = [], 0
    for change in changes:
        assert change.span.start >= end
        kept.append(text[end : change.span.start])
        end = change.span.end
    new = after(text, changes)
    expected = "".join(part + change.new for part, change in zip(kept, changes, strict=True)) + text[end:]
    assert new.encode() == expected.encode()
    assert new.count("\r\n") == text.count("\r\n"), "no fix of these joins lines"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("before", "after_it"),
    [
        (
            "# One\n\n😀 She ran ⟦quickly⟧,\nthen sat.\n",
            "# One\n\n<!-- lsp-writer: ignore adverb -->\n😀 She ran quickly,\nthen sat.\n",
        ),
        ("She ran ⟦quickly⟧.", "<!-- lsp-writer: ignore adverb -->\nShe ran quickly."),
        ("\n\nShe ran ⟦quickly⟧.", "\n\n<!-- lsp-writer: ignore adverb -->\nShe ran quickly."),
        (
            "<!-- lsp-writer: ignore passive, typo-->\n\nShe ran ⟦quickly⟧.",
            "<!-- lsp-writer: ignore passive, typo, adverb -->\n\nShe ran quickly.",
        ),
        # A line of its own between items made two lists of one.
        (
            "- One.\n- She ran ⟦quickly⟧,\n  then sat.\n- Three.\n",
            "- One.\n- She ran quickly,\n  then sat. <!-- lsp-writer: ignore adverb -->\n- Three.\n",
        ),
        (
            "1. One.\n\n   She ran ⟦quickly⟧.\n\n2. Two.",
            "1. One.\n\n   She ran quickly. <!-- lsp-writer: ignore adverb -->\n\n2. Two.",
        ),
        ("* She ran ⟦quickly⟧.", "* She ran quickly. <!-- lsp-writer: ignore adverb -->"),
    ],
)
def test_ignoring_here(before: str, after_it: str, ending: str) -> None:
    """The comment stands where it changes nothing else, and it works."""
    marked, expected = before.replace("\n", ending), after_it.replace("\n", ending)
    if "\n" not in before:
        expected = after_it
    start = marked.index("⟦")
    text = marked.replace("⟦", "").replace("⟧", "")
    finding = Finding(Span(start, marked.index("⟧") - 1), CritiqueKind.ADVERB, "", "")
    change = ignoring_here(manuscript_of(text), finding)
    assert change is not None
    new = after(text, [change])
    assert new == expected
    moved = Finding(Span(new.index("quickly"), new.index("quickly") + 7), CritiqueKind.ADVERB, "", "")
    assert wanted([finding], manuscript_of(text), Wishes())
    assert not wanted([moved], manuscript_of(new), Wishes())


def test_nothing_is_put_into_plain_text() -> None:
    finding = Finding(Span(0, 2), CritiqueKind.ADVERB, "", "")
    assert ignoring_here(manuscript_of("So it was.", markdown=False), finding) is None
    assert ignoring_here(manuscript_of("# So it was"), finding) is None


@pytest.mark.parametrize(
    ("text", "kind", "opens", "word"),
    [
        ("Quickly", CritiqueKind.ADVERB, True, "quickly"),
        ("Quickly", CritiqueKind.ADVERB, False, "Quickly"),
        ("Jorry", CritiqueKind.NAME_SPELLING, True, "Jorry"),
        ("NASA", CritiqueKind.SPELLING, True, "NASA"),
        ("Out of the\nblue.", CritiqueKind.CLICHE, True, "out of the blue"),
        ("was sent", CritiqueKind.PASSIVE, False, ""),
        ("--", CritiqueKind.SPELLING, False, ""),
        ("one two three four five six seven", CritiqueKind.CLICHE, False, ""),
    ],
)
def test_the_word_of_a_finding(text: str, kind: CritiqueKind, opens: bool, word: str) -> None:
    assert word_in(manuscript_of(text), Finding(Span(0, len(text)), kind, "", ""), opens=opens) == word


@pytest.mark.parametrize(
    ("text", "kind", "quoted"),
    [
        ("a", CritiqueKind.GRAMMAR, ""),
        ("she were", CritiqueKind.GRAMMAR, "she were"),
        (".", CritiqueKind.DIALOGUE_PUNCTUATION, ""),
        ("was\r\nsent", CritiqueKind.PASSIVE, "was sent"),
        ("--", CritiqueKind.DASH, "--"),
    ],
)
def test_what_a_finding_is_called_in_a_list(text: str, kind: CritiqueKind, quoted: str) -> None:
    assert quotable(manuscript_of(text), Finding(Span(0, len(text)), kind, "", "")) == quoted


def test_what_may_be_mended_unseen() -> None:
    def finding(kind: CritiqueKind, *fixes: str) -> Finding:
        return Finding(Span(0, 1), kind, "", "", fixes)

    assert is_safe(finding(CritiqueKind.SPELLING, "received"))
    assert not is_safe(finding(CritiqueKind.SPELLING, "fathers", "feathers"))
    assert not is_safe(finding(CritiqueKind.NAME_SPELLING, "Jory"))
    assert not is_safe(finding(CritiqueKind.USAGE, "unique"))
    assert not is_safe(finding(CritiqueKind.GRAMMAR))


def test_of_fixes_that_overlap_the_first_is_made() -> None:
    findings = [Finding(Span(*span), CritiqueKind.GRAMMAR, "", "", ("x",)) for span in ((2, 6), (0, 3), (6, 7))]
    assert fix_all(findings) == [Change(Span(0, 3), "x"), Change(Span(6, 7), "x")]
