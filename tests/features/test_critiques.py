"""Each rule on its own: where it fires, where it stays silent, and that it leaves dialogue alone.

Texts mark with ⟦ and ⟧ what the rule must find in them; a text without marks must give nothing.
"""

import re
from collections.abc import Callable, Iterator

import pytest

from lsp_writer.features.critiques.adverbs import adverbs
from lsp_writer.features.critiques.facts import facts
from lsp_writer.features.critiques.filter_words import filter_words
from lsp_writer.features.critiques.finding import CritiqueKind, Finding
from lsp_writer.features.critiques.over_long import over_long
from lsp_writer.features.critiques.passive import passive
from lsp_writer.features.critiques.reading import Reading, read
from lsp_writer.features.critiques.repetition import repetition
from lsp_writer.prose.span import Span

Rule = Callable[[Reading], Iterator[Finding]]


def check_rule(rule: Rule, marked: str) -> list[Finding]:
    """The findings of `rule` stand where the marks are."""
    text = re.sub("[⟦⟧]", "", marked)
    starts = [match.start() - 2 * index for index, match in enumerate(re.finditer("⟦", marked))]
    ends = [match.start() - 2 * index - 1 for index, match in enumerate(re.finditer("⟧", marked))]
    findings = list(rule(read(text)))
    assert [finding.span for finding in findings] == [Span(*edges) for edges in zip(starts, ends, strict=True)]
    return findings


@pytest.mark.parametrize(
    "text",
    [
        "The lamp ⟦was broken by the wind⟧ in the night.",
        "The door ⟦was painted⟧ green.",
        "She knew that she was ⟦being watched⟧.",
        "It must have ⟦been stolen⟧.",
        "He ⟦was slowly eaten by her⟧.",
        "“Go,” he said, and the sail ⟦was hoisted⟧.",
        # Silent: states and feelings, other voices, agents that are none.
        "She was tired and he was worried.",
        "The valley was covered with snow.",
        "He was gone by then.",
        "She was born in the village.",
        "It was a red, ragged thing.",
        # Dialogue is the character's own.
        "“It was broken by the wind,” she said.",
        "‘The door was painted green.’",
    ],
)
def test_passive(text: str) -> None:
    check_rule(passive, text)


def test_a_passive_with_an_agent_is_told_to_begin_with_it() -> None:
    (finding,) = check_rule(passive, "The lamp ⟦was lit by her⟧ slowly.")
    assert "“she …”" in finding.suggestion
    (finding,) = check_rule(passive, "The lamp ⟦was lit by the keeper⟧.")
    assert "“the keeper …”" in finding.suggestion


@pytest.mark.parametrize(
    "text",
    [
        "⟦She saw⟧ the gate swing open.",
        "⟦He suddenly felt⟧ that the room was smaller.",
        "⟦I could hear⟧ the sea.",
        "⟦Anna noticed⟧ how the dust lay.",
        # Silent: not perceived, perceived by nobody, asked, or an act and not a perception.
        "She never saw the gate.",
        "He could hardly hear the sea.",
        "The gate swung open.",
        "Had he seen that the door was open?",
        "Who saw the gate?",
        "She felt her way along the wall.",
        "He saw his chance.",
        "She felt a little tired.",
        # Dialogue.
        "“I saw the gate swing open,” said Ruth.",
    ],
)
def test_filter_words(text: str) -> None:
    check_rule(filter_words, text)


@pytest.mark.parametrize(
    "text",
    [
        "“Go,” he said ⟦softly⟧.",
        "“Go,” said Mr. Hale, ⟦angrily⟧.",
        "'Go,' the old man whispered. 'Now,' he added ⟦urgently⟧.",
        "She walked ⟦slowly and softly⟧ away.",
        # Silent: words that only look like adverbs, or that do not tell how; adverbs far apart; a single one.
        "Only her family had an early, lovely, lonely house in July.",
        "“Go,” he said finally.",
        "She walked slowly away.",
        "She walked slowly as far as the gate of the old house, and there she waited patiently.",
        # Dialogue.
        "“He walked slowly and softly away,” she said.",
    ],
)
def test_adverbs(text: str) -> None:
    check_rule(adverbs, text)


@pytest.mark.parametrize(
    "text",
    [
        "The gravel glittered and above it all the glass ⟦glittered⟧.",
        "He whispered to the horse. A second ⟦whisper⟧ came back.",
        # Silent: plain words, names, things named again, figures of speech, and words far apart.
        "She looked at the house and looked away.",
        "The Meridian sailed at noon. Meridian crews drank.",
        "She lifted a lantern. The lantern was cold.",
        "The water fell drop by drop.",
        "Every evening she rang, and every evening nobody came.",
        "The gravel glittered. " + "She walked on for some time and said nothing of it. " * 2 + "The glass glittered.",
        # Dialogue: people repeat themselves.
        "“Glittering, I tell you,” she said. “All glittering.”",
    ],
)
def test_repetition(text: str) -> None:
    check_rule(repetition, text)


LONG = "She took the key, " + "and the coat, " * 20 + "and she left."


@pytest.mark.parametrize(
    "text",
    [
        f"⟦{LONG}⟧",
        "A short one. " + f"⟦{LONG}⟧",
        "A short one.",
        f"“{LONG}”",
        "他" * 60 + "。",
        "⟦" + "他" * 100 + "。⟧",
    ],
)
def test_over_long(text: str) -> None:
    check_rule(over_long, text)


def test_an_over_long_sentence_is_parted_near_its_middle() -> None:
    long = "He came " + "from the far hills " * 6 + ", and she went " + "to the far hills " * 6 + "."
    (finding,) = check_rule(over_long, f"⟦{long}⟧")
    assert finding.suggestion == "Try a full stop before “and she went”."


def test_a_finding_has_one_reason_and_one_suggestion() -> None:
    for rule, text in [
        (passive, "The door ⟦was painted⟧ green."),
        (filter_words, "⟦She saw⟧ the gate."),
        (adverbs, "“Go,” he said ⟦softly⟧."),
        (over_long, f"⟦{LONG}⟧"),
    ]:
        (finding,) = check_rule(rule, text)
        assert finding.kind in CritiqueKind
        assert finding.reason.count(". ") == 0
        assert finding.reason.endswith(".")
        assert finding.suggestion.startswith("Try ")


def test_facts_of_a_paragraph() -> None:
    reading = read("“Four words, all told,” said Jo. She left.")
    assert facts(reading) == "8 words · 2 sentences · 50% dialogue · 2 s to read"
    assert facts(read("word " * 400)) == "400 words · 1 sentence · 0% dialogue · 1 min 32 s to read"


def test_an_empty_paragraph_has_no_sentences() -> None:
    assert read("").sentences == read("  ").sentences == ()
