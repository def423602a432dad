"""The commands without an editor: their answers, and what they say when they cannot answer."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from lsp_writer.cli.app import app

STORY = "---\ntitle: Lamp\n---\n\nTom opened the office door and sat down. It was raining, and he was very tired.\n"


@pytest.fixture
def story(tmp_path: Path) -> Path:
    file = tmp_path / "story.md"
    file.write_text(STORY, encoding="utf-8")
    return file


def run(*arguments: object) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of `lsp-writer` with `arguments`."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def check_refused(message: str, *arguments: object) -> None:
    """One line that says what to do, and exit status 1."""
    status, output, error = run(*arguments)
    assert (status, output) == (1, "")
    assert error.startswith("lsp-writer: ")
    assert message in error
    assert len(error.strip().splitlines()) == 1


@pytest.fixture
def no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSP_WRITER_DATA", str(tmp_path / "empty"))


@pytest.mark.parametrize("at", ["12", "a:b", "0:1", "99:1"])
def test_a_place_that_is_not_in_the_text(story: Path, at: str) -> None:
    check_refused("LINE:COLUMN" if ":" not in at or at == "a:b" else "lines 1 to 6", "complete", story, "--at", at)


@pytest.mark.parametrize("lines", ["0-2", "3-1", "x", "1-99"])
def test_lines_that_are_not_in_the_text(story: Path, lines: str) -> None:
    check_refused("FIRST-LAST", "rewrite", story, "--style", "noir", "--lines", lines)


def test_a_style_that_is_not_in_the_catalogue(story: Path) -> None:
    check_refused("noir", "rewrite", story, "--style", "baroque")


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "picture.md"
    file.write_bytes(b"\xff\xfe\x00")
    check_refused("UTF-8", "critique", file)


@pytest.fixture
def no_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serving sets the whole process's log up; these tests share theirs."""
    monkeypatch.setattr("lsp_writer.serve.log_to_stderr", lambda _level: None)


@pytest.mark.usefixtures("no_log")
@pytest.mark.parametrize("port", [-1, 99_999])
def test_a_port_that_does_not_exist(port: int) -> None:
    """`lsp-writer --port 99999` ended in thirty lines about an OverflowError."""
    check_refused("from 1024 to 65535", "--port", port)


@pytest.mark.usefixtures("no_log")
def test_a_port_that_is_taken() -> None:
    """`lsp-writer --port` ended in a traceback while another program listened there."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        check_refused("Choose another", "--port", other.getsockname()[1])


def test_an_option_in_front_of_a_command(story: Path) -> None:
    """`lsp-writer --model large complete …` answered with the default model, and later was refused: so was the doctor
    in VS Code, whose `lspWriter.command` may have options."""
    check_refused("No model is called “large”", "--model", "large", "complete", story, "--at", "1:1")


def test_an_option_in_front_of_a_command_that_does_not_have_it(story: Path) -> None:
    check_refused("--threads in front of “complete”", "--threads", "1", "complete", story, "--at", "1:1")


def test_a_cache_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor said to set LSP_WRITER_DATA, and the cache folder stayed where it was."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    _, output, _ = run("doctor", "--json", "--model", tmp_path)
    mends = {check["name"]: check["mend"] for check in json.loads(output)["checks"]}
    assert "LSP_WRITER_DATA" in mends["data folder"]
    assert "LSP_WRITER_DATA" not in mends["cache folder"]
    assert "permissions" in mends["cache folder"]


def test_a_folder_adds_rewrites_and_replaces_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder from elsewhere put its own “noir” in the place of the shipped one, and linked to files outside."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    here = tmp_path / "novel"
    folder = here / ".lsp-writer" / "rewrites"
    folder.mkdir(parents=True)
    song = 'title = "{}"\n[instructions]\nen = "Sing it."\n'
    for name in ("noir", "hymn"):
        (folder / f"{name}.toml").write_text(song.format(f"Sung {name}"), encoding="utf-8")
    outside = tmp_path / "psalm.toml"
    outside.write_text(song.format("Sung psalm"), encoding="utf-8")
    (folder / "psalm.toml").symlink_to(outside)
    monkeypatch.chdir(here)
    status, output, error = run("rewrites")
    assert status == 0
    assert "Sung hymn" in output
    assert "Sung noir" not in output
    assert "noir.toml was ignored" in " ".join(error.split())
    assert "psalm" not in output


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--style", "ask", "--answer", "x" * 100_000), "2000 characters"),
        (("--style", "translate", "--answer", " \u200b "), "Into which language?"),
    ],
)
def test_an_answer_is_held_to_what_an_editor_s_is(story: Path, options: tuple[str, str], says: str) -> None:
    """An instruction of 100,000 characters was called a passage that is too long."""
    check_refused(says, "rewrite", story, *options)


def test_what_a_rewrite_asks_has_to_be_answered(story: Path) -> None:
    check_refused("Into which language?", "rewrite", story, "--style", "translate")


@pytest.mark.usefixtures("no_model")
def test_without_a_model_every_command_says_how_to_get_one(story: Path) -> None:
    for arguments in (
        ("complete", story, "--at", "5:4"),
        ("critique", story, "--also", "predictable"),
        ("rewrite", story, "--style", "noir"),
    ):
        check_refused("python -m model_export default", *arguments)


@pytest.mark.usefixtures("no_model")
def test_the_doctor_finds_the_missing_model_and_names_the_mend() -> None:
    status, output, _ = run("doctor", "--json")
    answer = json.loads(output)
    assert (status, answer["healthy"]) == (1, False)
    (fault,) = [check for check in answer["checks"] if check["verdict"] == "fault"]
    assert fault["name"] == "model"
    assert "python -m model_export default" in fault["mend"]


@pytest.mark.model
def test_the_doctor_on_a_healthy_machine() -> None:
    status, output, _ = run("doctor")
    assert status == 0
    assert "answers its probe rightly" in output


@pytest.mark.model
def test_complete(story: Path) -> None:
    story.write_text("Tom walked up the stairs and opened the office do\n", encoding="utf-8")
    status, output, _ = run("complete", story, "--at", "1:99", "--json")
    answer = json.loads(output)
    assert status == 0
    assert answer["text"].startswith("or"), "the text goes in at the caret, behind “do”"
    assert "the office do|or" in run("complete", story, "--at", "1:99")[1]
    assert answer["words"][0] == "door"


@pytest.mark.model
def test_complete_where_there_is_no_prose_says_why(story: Path) -> None:
    assert "front matter" in run("complete", story, "--at", "2:3")[1]


@pytest.mark.usefixtures("no_model")
def test_critique(story: Path) -> None:
    story.write_text("The lamp was lit by her. She felt that it was cold.\n", encoding="utf-8")
    status, output, _ = run("critique", story, "--json")
    findings = json.loads(output)["findings"]
    assert status == 0
    assert ("passive", "was lit by her", 1, 10) in {
        (finding["kind"], finding["text"], finding["line"], finding["column"]) for finding in findings
    }


@pytest.mark.slow
@pytest.mark.usefixtures("no_model")
def test_critique_says_what_the_writer_wants_to_hear(
    story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the dictionaries of the writer and of the story's folder, the file's front matter and its comments."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    for file, line in (
        (tmp_path / "settings" / "lsp-writer" / "dictionary.txt", "recieved"),
        (tmp_path / ".lsp-writer" / "dictionary.txt", "untill"),
        (tmp_path / ".lsp-writer" / "ignored.txt", "spelling: goverment"),
    ):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{line}\n", encoding="utf-8")
    text = "She recieved it. He ran untill it fell. The goverment definately fell. “Go,” he said softly.\n"
    plain = "lspWriter:\n  critiqueOff: [adverb]"

    def heard(front_matter: str, before: str = "") -> list[str]:
        story.write_text(f"---\n{front_matter}\n---\n\n{before}{text}", encoding="utf-8")
        return [finding["text"] for finding in json.loads(run("critique", story, "--json")[1])["findings"]]

    assert heard(plain) == ["definately"]
    assert heard(plain, "<!-- lsp-writer: ignore spelling -->\n") == []
    assert heard("lspWriter: off") == []
    assert "switches critiques off" in run("critique", story)[1]
    (tmp_path / ".lsp-writer" / "ignored.txt").write_bytes(b"\0")
    assert heard(plain) == ["goverment", "definately"]
    assert "ignored.txt was left aside" in " ".join(run("critique", story)[2].split())


@pytest.mark.model
def test_rewrite_prints_a_diff_and_writes_only_when_told(story: Path) -> None:
    status, output, _ = run("rewrite", story, "--style", "expand", "--lines", "5")
    assert status == 0
    assert output.startswith("Tom opened the office door and sat down.")
    assert "{+" in output
    assert story.read_text(encoding="utf-8") == STORY
    run("rewrite", story, "--style", "expand", "--lines", "5", "--write")
    written = story.read_text(encoding="utf-8")
    assert written.startswith(STORY.rstrip())
    assert len(written) > len(STORY)


@pytest.mark.model
def test_a_title_in_brackets_is_shown_as_it_is(story: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """“[/b]” in the title of a rewrite of one's own ended the command with a traceback."""
    folder = tmp_path / "config" / "lsp-writer" / "rewrites"
    folder.mkdir(parents=True)
    song = 'title = "[/b] Song"\nway = "respell"\nmodel_writes = false\n[becomes]\nspelling = "american"\n'
    (folder / "song.toml").write_text(song + '[instructions]\nen = "Sing."\n')
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    check_refused("“[/b] Song” changed nothing", "rewrite", story, "--style", "song")


@pytest.mark.model
def test_the_demonstration_passes() -> None:
    status, output, _ = run("demo", "--json")
    answer = json.loads(output)
    assert (status, answer["passed"]) == (0, True), answer
    steps = {step["step"]: step["text"] for step in answer["steps"]}
    assert {"ghost text", "menu", "hover", "Expand scene", "Condense"} <= steps.keys()
