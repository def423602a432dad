"""Whether a model sees what is wrong with a passage: that the measure can come out at all and at nothing, and where it
is noted."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from lsp_writer.features.critiques.note import wordings
from lsp_writer.generation import Segment
from lsp_writer.inference.engine import Engine
from lsp_writer.inference.loading import load_engine
from lsp_writer.inference.manifest import LEAST_RIGHT, Judgement, load_manifest
from model_export import judgement
from model_export.__main__ import app
from model_export.judgement import Exam, Passage, exams, judged
from model_export.progress import Steps
from tests.model_export.installed import change_manifest, install_tiny
from tests.scripted_model import ByteTokenizer, ScriptedModel

#: Of two languages, so that it shows when the second is asked.
SMALL = {
    language: Exam(
        "Read.",
        "Why?",
        "It is",
        {"red": " too red.", "blue": " blue again."},
        (
            Passage("red", f"{language}: a red hat, a red coat.", f"{language}: a hat, a coat."),
            Passage("blue", f"{language}: blue sea, blue sky.", f"{language}: sea, sky."),
        ),
    )
    for language in ("en", "de")
}
CHAT = "{% for m in messages %}{{ m.content }}\n{% endfor %}"


def scripted(noted: Callable[[str], str]) -> Engine:
    """A model that says of a weak passage what `noted` names of its weakness, and of a sound one that it is fine."""
    book = ""
    for exam in SMALL.values():
        for passage in exam.passages:
            book += _asked(exam.prompt(passage.weak)) + exam.notes[noted(passage.weakness)]
            book += _asked(exam.prompt(passage.sound)) + " fine."
    return Engine(ScriptedModel(book), ByteTokenizer())


def _asked(prompt: tuple[Segment, ...]) -> str:
    return bytes(ByteTokenizer().encode_prompt(prompt)).decode()


def steps() -> Steps:
    return Steps(Console(file=io.StringIO()))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "exams", lambda: SMALL)


@pytest.mark.usefixtures("small")
def test_a_model_that_sees_what_is_wrong() -> None:
    assert judged(scripted(lambda weakness: weakness), steps()) == tuple(
        Judgement(language=language, passages=2, choices=2, right=1) for language in SMALL
    )


@pytest.mark.usefixtures("small")
def test_a_model_that_says_the_wrong_thing_is_asked_in_no_other_language() -> None:
    wrong = scripted(lambda weakness: "red" if weakness == "blue" else "blue")
    assert judged(wrong, steps()) == (Judgement(language="en", passages=1, choices=2, right=0),), (
        "nor any more in English"
    )
    assert judged(wrong, steps(), fully=True) == (Judgement(language="en", passages=2, choices=2, right=0),)


@pytest.mark.usefixtures("small")
def test_a_model_that_says_the_same_of_everything_is_right_by_chance() -> None:
    assert judged(scripted(lambda _: "red"), steps())[0].right == 0.5


@pytest.mark.parametrize("language", exams())
def test_every_weakness_comes_equally_often(language: str) -> None:
    exam = exams()[language]
    count = {name: sum(passage.weakness == name for passage in exam.passages) for name in exam.notes}
    assert len(set(count.values())) == 1
    assert sum(count.values()) == len(exam.passages)
    assert all(passage.weak != passage.sound for passage in exam.passages)


@pytest.mark.parametrize("language", exams())
def test_a_model_is_measured_on_what_it_will_be_asked(language: str) -> None:
    asked, measured = wordings()[language], exams()[language]
    assert (asked.role, asked.question, asked.opening) == (measured.role, measured.question, measured.opening)


@pytest.mark.usefixtures("small")
def test_the_judgement_of_an_installed_model(tmp_path: Path) -> None:
    folder = install_tiny(tmp_path, chat_template=CHAT)
    assert load_manifest(folder).judgements == ()
    result = CliRunner().invoke(app, ["judge", "large", "--data", str(tmp_path)])
    assert result.exit_code == 0, result.output
    found = load_manifest(folder).judgements[0]
    assert (found.language, found.passages, found.choices) == ("en", 2, 2)
    assert f"right about {found.right:.0%} of 2 passages (en), by chance 50%." in result.stdout


def test_a_model_that_cannot_chat_is_not_asked(tmp_path: Path) -> None:
    folder = install_tiny(tmp_path)
    result = CliRunner().invoke(app, ["judge", "large", "--data", str(tmp_path)])
    assert (result.exit_code, result.stdout) == (0, "large cannot be asked, so it writes no notes.\n")
    assert load_manifest(folder).judgements == ()


@pytest.mark.parametrize(
    ("right", "chat_template", "languages"),
    [(LEAST_RIGHT, CHAT, ("en",)), (LEAST_RIGHT - 0.01, CHAT, ()), (1.0, "", ())],
)
def test_what_the_server_is_told(tmp_path: Path, right: float, chat_template: str, languages: tuple[str, ...]) -> None:
    told = (Judgement(language="en", passages=24, choices=6, right=right),)
    folder = install_tiny(tmp_path)
    change_manifest(folder, load_manifest(folder), judgements=told, chat_template=chat_template)
    assert load_engine(folder).capabilities.note_languages == languages
