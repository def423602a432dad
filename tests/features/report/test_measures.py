"""What is measured, on small books and with exact figures."""

from __future__ import annotations

import pytest

from lsp_writer.features.critiques.silence import dictionary
from lsp_writer.features.critiques.wanted import Wishes
from lsp_writer.features.report.emotion import arc, emotion_section
from lsp_writer.features.report.findings import findings, findings_section, heard
from lsp_writer.features.report.pace import pace_section
from lsp_writer.features.report.presence import presence, presence_section
from lsp_writer.features.report.quartiles import Quartiles
from lsp_writer.features.report.repetition import phrases_section, repeated_phrases, repeated_words, words_section
from lsp_writer.features.report.rhythm import rhythm, rhythm_section
from lsp_writer.features.report.voices import spoken_by_part, voices_section
from lsp_writer.settings import CritiqueSettings
from tests.features.report.books import book

TWO_CHAPTERS = """# Out

“Where is he?” asked Mara. Nobody knew.

The boat lay at the wall, and the rain came in from the sea.

# Back

He came home. He sat down. He said nothing. He ate. He slept at last.
"""


def test_quartiles() -> None:
    assert Quartiles.of([1, 2, 3, 4, 5]) == Quartiles(2, 3, 4)
    assert Quartiles.of([4, 1]) == Quartiles(1.75, 2.5, 3.25)
    assert Quartiles.of([]) == Quartiles(0, 0, 0)


def test_rhythm() -> None:
    found = rhythm(book(TWO_CHAPTERS))
    assert [sentence.words for sentence in found.sentences] == [5, 2, 14, 3, 3, 3, 2, 4]
    assert [sentence.start for sentence in found.sentences] == [0, 5, 7, 21, 24, 27, 30, 32]
    assert found.lengths.middle == 3
    assert [quartiles.middle for quartiles in found.by_part] == [5, 3]


def test_rhythm_says_where_sentences_are_long() -> None:
    long = "The boat lay at the wall, and the rain came in. " * 5
    section = rhythm_section(book(f"# Out\n\n{long}\n\n# Back\n\n{'He slept. ' * 5}\n"))
    assert section.meaning == (
        "Half of your sentences have between 2 and 11 words; the median is 6. They run longest in chapter 1, “Out” "
        "(median 11), and shortest in chapter 2, “Back” (2)."
    )


def test_the_rhythm_of_one_sentence() -> None:
    assert rhythm_section(book("It rained.")).meaning == "One sentence, of 2 words."


def test_dialogue() -> None:
    assert spoken_by_part(book(TWO_CHAPTERS)) == (3, 0)
    assert voices_section(book(TWO_CHAPTERS)).meaning == (
        "8% of the words are spoken. Most is said in chapter 1, “Out” (14%), least in chapter 2, “Back” (0%)."
    )


def test_a_book_without_dialogue() -> None:
    section = voices_section(book("He came home. He sat down."))
    assert section.chart is None
    assert section.meaning.startswith("Nobody speaks")


def test_pace() -> None:
    slow, quick = f"{'rain ' * 120}.", "\n\n".join(["Run, Tom, run."] * 20)
    section = pace_section(book(f"# Slow\n\n{slow}\n\n# Quick\n\n{quick}\n"))
    assert section.meaning == (
        "In the middle scene a new paragraph begins every 62 words. The quickest is chapter 2, “Quick” (every 3), the "
        "slowest chapter 1, “Slow” (every 120)."
    )
    assert section.table.rows[1] == ("chapter 2, “Quick”", 60, 0.2, 3.0, 3.0, "0%")


def test_who_is_present_where() -> None:
    scenes = book("Then Mara met Jory. So Mara left.\n\n* * *\n\nNow Jory slept. When Jory woke, Mara’s boat was gone.")
    found = presence(scenes, scenes.scenes)
    assert (found.names, found.counts) == (("Jory", "Mara"), ((1, 2), (2, 1)))


def test_names_that_stand_together_are_one() -> None:
    """Rows for “Aunt” and for “Polly” told the same thing twice, and “Injun Joe” was counted as Joe Harper."""
    text = (
        "So Aunt Polly came. Then Aunt Polly left. And Polly cried. Here Joe sat. Then Joe slept. Then Injun Joe came. "
        "And Injun Joe left. But Joe Harper stayed. Again Huck Finn ran. And Huck Finn hid. But Huck stayed. "
        "Then Huck slept with Finn."
    )
    found = presence(book(text), book(text).scenes)
    assert dict(zip(found.names, found.counts, strict=True)) == {
        "Huck": (5,),
        "Aunt Polly": (3,),
        "Joe": (3,),
        "Injun Joe": (2,),
    }


def test_chinese_has_no_names() -> None:
    section = presence_section(book("曹操来到城中。刘备看见曹操，大吃一惊。"))
    assert section.chart is None
    assert "Chinese" in section.meaning


def test_the_arc_goes_from_gladness_to_gloom() -> None:
    glad, gloomy, plain = "They laughed with joy. ", "They wept in misery. ", "The boat lay at the wall. "
    found = arc(book(f"{(glad + plain) * 60}\n\n{(gloomy + plain) * 60}"))
    assert found.points[0].balance > 10
    assert found.points[-1].balance < -10
    section = emotion_section(book(f"# Out\n\n{(glad + plain) * 60}\n\n# Back\n\n{(gloomy + plain) * 60}"))
    assert "brightest in chapter 1, “Out”, darkest in chapter 2, “Back”, and ends darker" in section.meaning


def test_what_is_denied_is_not_felt() -> None:
    assert arc(book("He was not very happy.")).felt == 0
    assert arc(book("He was very happy.")).felt == 1


@pytest.mark.parametrize("text", ["Er war glücklich und lachte über den Regen, der auf das Dach fiel. " * 100, "Joy. "])
def test_no_arc(text: str) -> None:
    section = emotion_section(book(text))
    assert section.chart is None
    assert section.meaning


def test_words_and_phrases() -> None:
    found = book("She went down to the harbour wall. " * 3 + "He saw the harbour. The rain fell, and fell, and fell.")
    assert [(word.text, word.times) for word in repeated_words(found)] == [("harbour", 4), ("fell", 3), ("wall", 3)]
    assert [(phrase.text, phrase.times) for phrase in repeated_phrases(found)] == [("she went down to the harbour", 3)]


def test_nothing_is_repeated() -> None:
    for section in (words_section(book("It rained.")), phrases_section(book("It rained."))):
        assert section.chart is None
        assert section.meaning


def test_chinese_phrases() -> None:
    found = repeated_phrases(book("且听下文分解。" * 3))
    assert [(phrase.text, phrase.times) for phrase in found] == [("且听下文分解", 3)]


def test_findings_by_kind() -> None:
    found = findings(book("He walked slowly and softly away. The the door was shut."), Wishes(), proofread=False)
    assert {one.kind: (one.times, one.example) for one in found} == {
        "adverb": (1, "slowly and softly"),
        "doubled-word": (1, "The the"),
    }


def test_the_writers_settings_hold() -> None:
    wishes = Wishes(CritiqueSettings(disabled=("adverb",)))
    assert findings(book("He walked slowly and softly away."), wishes, proofread=False) == ()
    wishes = Wishes(silence=dictionary(["slowly and softly"]))
    assert findings(book("He walked slowly and softly away."), wishes, proofread=False) == ()
    quiet = book("---\nlspWriter:\n  critiqueOff: [adverb]\n---\n\nHe walked slowly and softly away.")
    assert findings(quiet, Wishes(), proofread=False) == ()


def test_nothing_is_found() -> None:
    rain = book("It rained.")
    section = findings_section(rain, (), rain, proofread=True)
    assert section.chart is None
    assert section.meaning == "The critiques have nothing to say: a good sign."


OFF = "---\nlspWriter: off\n---\n\n"
WALK = "He walked slowly and softly away."


def told(wishes: Wishes, *texts: str) -> str:
    """What the report says of findings in a book of these files."""
    whole = book(*texts)
    found = findings(whole, wishes, proofread=False)
    return findings_section(whole, found, heard(whole, wishes), proofread=False).meaning


@pytest.mark.parametrize(
    ("wishes", "text"),
    [
        (Wishes(CritiqueSettings(enabled=False)), WALK),
        (Wishes(), OFF + WALK),
        (Wishes(), f"---\nlspWriter:\n  critique: off\n---\n\n{WALK}"),
    ],
    ids=["settings", "front matter", "front matter of critiques"],
)
def test_critiques_that_are_off_are_no_good_sign(wishes: Wishes, text: str) -> None:
    """“The critiques have nothing to say: a good sign.”, said of a book for which they were switched off."""
    assert "Critiques are switched off" in told(wishes, text)
    assert "good sign" not in told(wishes, text)


def test_files_whose_critiques_are_off_do_not_count() -> None:
    """Chapters with `lspWriter: off` made the rest of the book look better than it was: their words were counted."""
    without = " Critiques are switched off in 1 of 2 files, which are left out."
    assert told(Wishes(), WALK, OFF + "It rained. " * 50) == told(Wishes(), WALK) + without
    assert told(Wishes(), "It rained.", OFF + WALK).endswith(f"a good sign.{without}")


def test_only_a_title_page_is_left() -> None:
    assert "Critiques are switched off" in told(Wishes(), "# The the ferry", OFF + WALK)


def test_front_matter_switches_critiques_on() -> None:
    on = f"---\nlspWriter:\n  critique: on\n---\n\n{WALK}"
    assert told(Wishes(CritiqueSettings(enabled=False)), on).startswith("1 finding, ")
