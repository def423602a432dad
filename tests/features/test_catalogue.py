"""The shipped rewrites: what every entry has, and that its examples are what it asks for."""

from __future__ import annotations

import re

import msgspec
import pytest

from lsp_writer.features.revision.asking import prompt_for, wording
from lsp_writer.features.revision.checks import fault
from lsp_writer.features.revision.cleaning import cleaned, items
from lsp_writer.features.revision.commission import Commission
from lsp_writer.features.revision.entry import Entry, Example
from lsp_writer.features.revision.library import shipped
from lsp_writer.features.revision.reading import Reading
from lsp_writer.features.revision.work import Work
from lsp_writer.generation import JobKey, Kind, Segment
from lsp_writer.prose.style_sheet import StyleSheet
from tests.scripted_text_model import ScriptedTextModel

LANGUAGES = ("en", "de", "fr", "es", "zh")
ENTRIES = tuple(shipped().entries.values())
EXAMPLES = [(entry, example) for entry in ENTRIES for example in entry.examples]
LONGEST_INSTRUCTION = 400

every_entry = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
every_example = pytest.mark.parametrize(
    ("entry", "example"), EXAMPLES, ids=[f"{entry.id}: {example.passage[:20]}" for entry, example in EXAMPLES]
)


@pytest.mark.parametrize(
    ("group", "first"),
    [
        ("style", {"noir", "hard-boiled", "gothic", "fairy-tale"}),
        ("craft", {"expand", "condense", "show-dont-tell", "tell-dont-show", "copy-edit", "ask"}),
        ("grammar", {"first-person", "third-person", "present-tense", "past-tense", "british", "american"}),
        ("invention", {"continue", "next-beat", "twist"}),
    ],
)
def test_what_writers_look_for_first_is_there(group: str, first: set[str]) -> None:
    assert first <= {entry.id for entry in ENTRIES if entry.group == group}


def test_titles_are_told_apart() -> None:
    titles = [entry.title.casefold() for entry in ENTRIES]
    assert len(set(titles)) == len(titles)


@every_entry
def test_an_entry_speaks_every_language_and_is_brief(entry: Entry) -> None:
    assert tuple(entry.instructions) == LANGUAGES
    told = [entry.instruction(language, "x") for language in LANGUAGES]
    assert len(set(told)) == len(LANGUAGES)
    assert max(map(len, told)) <= LONGEST_INSTRUCTION


@every_entry
def test_what_is_asked_is_used_in_every_language(entry: Entry) -> None:
    uses = ["{answer}" in instruction for instruction in entry.instructions.values()]
    assert uses == [bool(entry.asks)] * len(LANGUAGES)
    # Nobody can guess the language or the wish; the others have an answer to begin from.
    assert bool(entry.answer) == (bool(entry.asks) and entry.id not in {"translate", "ask"})


@every_example
def test_an_example_passes_its_own_checks(entry: Entry, example: Example) -> None:
    before = example.passage if entry.takes == "caret" else ""
    read = "" if entry.takes == "caret" else example.passage
    reading = Reading(passage=read, before=before, after="", language=example.language)
    unseen = msgspec.structs.replace(entry, examples=())  # what it says again is its own
    results = items(example.result) if entry.form == "list" else [cleaned(example.result, read, entry.form)]
    assert results
    assert [fault(result, read, reading, unseen) for result in results] == [""] * len(results)


@every_example
def test_nothing_is_cut_from_an_example(entry: Entry, example: Example) -> None:
    if entry.form != "list":
        assert cleaned(example.result, example.passage, entry.form) == example.result


def work_on(passage: str, entry: str = "rhythm", **given: str | StyleSheet) -> Work:
    reading = Reading(
        passage=passage,
        before=str(given.get("before", "")),
        after="",
        language=str(given.get("language", "en")),
        sheet=sheet if isinstance(sheet := given.get("sheet"), StyleSheet) else StyleSheet(),
    )
    commission = Commission(entry=shipped().find(entry), answer=str(given.get("answer", "")))
    return Work(ScriptedTextModel(), JobKey("story", Kind.REVISION), commission, reading, lambda _: None)


PASSAGE = "Nora shut the window. It was cold, and she had waited for 3 hours."


@pytest.mark.parametrize(
    ("entry", "asked"), [("rhythm", "{instruction}\n\n{passage}"), ("noir", "{passage}\n\n{instruction}")]
)
def test_the_passage_comes_last_and_stands_before_what_it_is_to_be_retold_by(entry: str, asked: str) -> None:
    work = work_on(PASSAGE, entry, before="The house stood empty.")
    prompt = prompt_for(work, PASSAGE, "Nobody came.")
    expected = asked.format(instruction=work.entry.instruction("en"), passage=PASSAGE)
    assert prompt[-1] == Segment(expected, "user")
    assert "The house stood empty." in prompt[-3].text
    assert "Nobody came." in prompt[-3].text


def test_what_every_unit_shares_comes_first() -> None:
    first, second = "Nora shut the window.", "It was cold, and she had waited for 3 hours."
    work = work_on(f"{first} {second}")
    later = work.after("Nora closed the window. ", f"{first} ", is_prose=True)
    shared = 1 + 2 * len(work.entry.examples)
    assert prompt_for(work, first)[:shared] == prompt_for(later, second)[:shared]
    assert "Nora closed the window." in prompt_for(later, second)[shared].text


def test_a_plain_prompt_has_one_example_and_nothing_around_the_passage() -> None:
    prompt = prompt_for(work_on(PASSAGE, before="The house stood empty."), PASSAGE, plain=True)
    assert [segment.role for segment in prompt] == ["system", "user", "assistant", "user"]
    assert "The house stood empty." not in "".join(segment.text for segment in prompt)


def test_an_answer_can_be_begun() -> None:
    assert prompt_for(work_on(PASSAGE), PASSAGE, opening="Once")[-1] == Segment("Once", "assistant")


@pytest.mark.parametrize(
    ("passage", "said", "unsaid"),
    [
        ("Nora shut the window. She was cold.", "names", "numbers"),
        ("Nora waited for 3 hours, and she was cold.", "numbers", "quotation"),
        ("“Wait,” said Nora, and she shut the window.", "quotation", "numbers"),
        ("Nora shut the window. She was cold, and she had waited.", "past tense", "present tense"),
        ("Nora shuts the window. She is cold, and she waits.", "present tense", "past tense"),
        ("I shut the window. I was cold, and nobody saw me.", "first person", "third person"),
    ],
)
def test_what_is_to_be_kept_is_said_where_there_is_any(passage: str, said: str, unsaid: str) -> None:
    rules = prompt_for(work_on(passage), passage)[0].text
    assert said in rules
    assert unsaid not in rules


def test_front_matter_fixes_the_narration() -> None:
    sheet = StyleSheet(tense="present", viewpoint="close third", spelling="british", register="dry", avoid=("just",))
    rules = prompt_for(work_on(PASSAGE, sheet=sheet), PASSAGE)[0].text
    assert re.findall(r"present tense|third person|British|dry|just", rules) == [
        "present tense",
        "third person",
        "British",
        "dry",
        "just",
    ]


def test_what_was_asked_for_goes_before_what_the_story_has() -> None:
    rules = prompt_for(work_on(PASSAGE, "present-tense"), PASSAGE)[0].text
    assert "present tense" in rules
    assert "past tense" not in rules


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_model_is_spoken_to_in_the_language_of_the_passage(language: str) -> None:
    work = work_on("…", language=language, before="…")
    prompt = prompt_for(work, "…")
    assert prompt[0].text.startswith(wording(language).role)
    assert work.entry.instructions[language] in prompt[-1].text  # type: ignore[index]  # one of the five


def test_a_passage_in_another_language_is_spoken_of_in_english() -> None:
    assert prompt_for(work_on("…", language=""), "…")[0].text.startswith(wording("en").role)


def test_from_the_caret_the_story_so_far_is_shown_and_then_what_is_to_follow() -> None:
    work = work_on("", "next-beat", before="Nora shut the window.")
    assert prompt_for(work, "")[-1].text == f"Nora shut the window.\n\n{work.entry.instruction('en')}"


def test_what_the_writer_answered_stands_in_the_instruction() -> None:
    assert "told by a nurse" in prompt_for(work_on(PASSAGE, "ask", answer="told by a nurse"), PASSAGE)[-1].text


def test_a_long_story_is_shown_from_a_sentence_on() -> None:
    before = "The lamp was out. " * 60
    around = prompt_for(work_on(PASSAGE, before=before), PASSAGE, before)[-3].text
    assert len(around) < 700
    assert all(line.startswith("The lamp was out.") for line in around.splitlines() if "lamp" in line)
    assert around.endswith("out.")
