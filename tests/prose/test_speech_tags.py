"""Speech tags: the verb stands between ⟦ and ⟧, who speaks between ⟨ and ⟩."""

import re

import pytest

from lsp_writer.prose.dialogue import dialogue_spans
from lsp_writer.prose.span import Span
from lsp_writer.prose.speech_tags import final_mark, speech_tags


@pytest.mark.parametrize(
    ("marked", "kinds"),
    [
        ("“Go,” ⟨he⟩ ⟦said⟧.", ["plain"]),
        ("“Go!” ⟦cried⟧ ⟨the old clerk⟩.", ["plain"]),
        ("‘Go,’ ⟨Mrs. Lind⟩ softly ⟦whispered⟧. ‘Now.’", ["plain"]),
        ('"Go," ⟦opined⟧ ⟨Odile Lind⟩, "now."', ["purple"]),
        ("“Go,” ⟨she⟩ ⟦smiled⟧.", ["action"]),
        ("“Go?” ⟦grinned⟧ ⟨Odile⟩.", ["action"]),
        ("“Go,” ⟨he⟩ ⟦went on⟧, “now.”", ["plain"]),
        ("⟨He⟩ ⟦said⟧, “Go.”", ["plain"]),
        ("He sat. ⟨Marten⟩ ⟦asked⟧ softly: “Go?”", ["plain"]),
        ("“Go,” ⟨she⟩ ⟦says⟧. “Now,” ⟦replies⟧ ⟨Jory⟩.", ["plain", "plain"]),
        # The speech ends wrongly, and the tag is one for all that.
        ("“Go.” ⟨she⟩ ⟦said⟧.", ["plain"]),
        ("“Go” ⟨he⟩ ⟦said⟧.", ["plain"]),
        ("“Go?” ⟨He⟩ ⟦asked⟧.", ["plain"]),
        # What happens next is no tag.
        ("“Go.” She smiled.", []),
        ("“Go!” He laughed.", []),
        ("“Go,” Hale smiled at the almanac.", []),
        ("“Who?” Marten called the dog.", []),
        ("“Go.” She said nothing.", []),
        ("“Go.” He left and said no more.", []),
        ("He wore the “regalia” she said was new.", []),
        ("He said nothing.", []),
        ("", []),
    ],
)
def test_speech_tags(marked: str, kinds: list[str]) -> None:
    text = re.sub("[⟦⟧⟨⟩]", "", marked)
    tags = speech_tags(text, dialogue_spans(text))
    assert [text[tag.verb.start : tag.verb.end] for tag in tags] == re.findall("⟦(.*?)⟧", marked)
    assert [text[tag.who.start : tag.who.end] for tag in tags] == re.findall("⟨(.*?)⟩", marked)
    assert [tag.kind for tag in tags] == kinds


@pytest.mark.parametrize("verb", ["snapped", "denied", "queried", "coos"])
def test_the_forms_of_a_verb_that_are_not_quite_regular(verb: str) -> None:
    """“Go.” he snapped. passed for right: the tag was looked for by “snaped”, “denyed”, “queryed” and “cooes”."""
    text = f"“Go.” he {verb}."
    (tag,) = speech_tags(text, dialogue_spans(text))
    assert text[tag.verb.start : tag.verb.end] == verb


def test_a_tag_knows_its_speech_and_its_side() -> None:
    text = "He said, “Go.” “Now,” she said."
    before, after = speech_tags(text, dialogue_spans(text))
    assert (text[before.speech.start : before.speech.end], before.follows) == ("“Go.”", False)
    assert (text[after.speech.start : after.speech.end], after.follows) == ("“Now,”", True)


@pytest.mark.parametrize("speech", ["“Go—”", "»Go—«", "›Go—‹", "« Go— »", "„Go—“", "「Go—」"])
def test_a_speech_that_is_cut_short_ends_in_its_dash(speech: str) -> None:
    """People who cut each other short in ›‹ were voices without a room: the dash was looked for behind the mark."""
    assert final_mark(speech, Span(0, len(speech))) == "—"
