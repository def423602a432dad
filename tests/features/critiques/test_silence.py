"""Words, phrases and findings that are never to be spoken of again."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lsp_writer.features.critiques.finding import CritiqueKind
from lsp_writer.features.critiques.silence import Silence, bare, dictionary, ignored, quoted
from lsp_writer.prose.words import folded

SPELLING = CritiqueKind.SPELLING
LONG = "She had been walking for so long that nobody, herself least of all, could have said since when, or why."


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("glimmerwood", "glimmerwood"),
        ("glimmerwood", "Glimmerwood"),
        ("glimmerwood", "GLIMMERWOOD"),
        ("glimmerwood", "glimmerwood’s"),
        ("glimmerwoods", "glimmerwoods’"),
        ("Mirek", "Mirek"),
        ("Mirek", "Mirek's"),
        ("Mirek", "MIREK’S"),
        ("O’Brien", "O'Brien’s"),
        ("Zoë", unicodedata.normalize("NFD", "Zoë")),
        ("out of the blue", "Out of the\nblue."),
        ("  calm   down # she says it a lot", "calm down"),
        ("小刘", "小刘"),
        ("quickly", "“quickly"),
        ("--", "--"),
    ],
)
def test_what_an_entry_silences(entry: str, text: str) -> None:
    assert dictionary([entry]).covers(SPELLING, text)


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        ("Rose", "rose"),
        ("Rose", "Roses"),
        ("iPhone", "iphone"),
        ("the", "the the"),
        ("blue", "out of the blue"),
        ("it's", "its"),
        ("Mirek's", "Mirek"),
        ("# glimmer", "glimmer"),
        ("", ""),
        ("…", "…"),
        ("x" * 300, "x" * 300),
    ],
)
def test_what_an_entry_does_not_silence(entry: str, text: str) -> None:
    assert not dictionary([entry]).covers(SPELLING, text)


def test_a_word_in_capitals_costs_the_same_in_a_large_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every heading in capitals waited for 80,000 names to be put in small letters."""
    names = dictionary(["Mirek", *(f"Name{number}" for number in range(1_000))])
    folded_words: list[str] = []

    def counted(word: str) -> str:
        folded_words.append(word)
        return folded(word)

    monkeypatch.setattr("lsp_writer.features.critiques.silence.folded", counted)
    assert (names | dictionary(["Zoë"])).covers(SPELLING, "MIREK'S")
    assert not names.covers(SPELLING, "JORY")
    assert len(folded_words) < 10


def test_an_ignored_finding_is_ignored_for_its_kind_alone() -> None:
    silence = ignored(["adverb: Quickly", "# adverb: slowly", "advrb: softly", "no colon", "adverb:"])
    assert silence.covers(CritiqueKind.ADVERB, "quickly")
    assert not silence.covers(CritiqueKind.REPETITION, "quickly")
    assert not silence.covers(CritiqueKind.ADVERB, "slowly")
    assert not silence.covers(CritiqueKind.ADVERB, "")


def test_a_long_sentence_is_known_by_its_ends() -> None:
    long = f"{LONG} {LONG}"
    silence = ignored([f"over-long: {quoted(long)}"])
    assert silence.covers(CritiqueKind.OVER_LONG, long.replace(" ", "\r\n"))
    assert not silence.covers(CritiqueKind.OVER_LONG, long[1:])


@given(st.text(), st.sampled_from(CritiqueKind))
def test_what_was_added_is_silent(text: str, kind: CritiqueKind) -> None:
    assert not quoted(text) or ignored([f"{kind}: {quoted(text)}"]).covers(kind, text)
    if (word := bare(text)) and "#" not in word and len(word) < 100:
        assert dictionary([word]).covers(kind, text)


@given(st.lists(st.text()))
def test_any_lines_are_read(lines: list[str]) -> None:
    assert isinstance(dictionary(lines) | ignored(lines), Silence)
