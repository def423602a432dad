"""The default model is not there: the writer is asked, it is made in a process of its own, and suggestions begin."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from lsp_writer import export_process
from lsp_writer.errors import ModelUnavailable
from lsp_writer.generation import ModelState, ModelStatus
from lsp_writer.inference.manifest import default_model_folder, load_manifest
from lsp_writer.server import model_making
from tests.scripted_text_model import LOADING, ScriptedTextModel
from tests.server.editor import EDITORS, AttachedEditor, attached

MISSING = "There is no model at /models/default. Make one: python -m model_export default"
BUTTON = "Make the Model"
NONE_YET = ModelStatus(ModelState.FAILED, MISSING, to_be_made=True)

SAYS_AND_WAITS = """
import sys, time
print("Downloading the model … ", end="", file=sys.stderr, flush=True)
while not open(sys.argv[1]).read():
    time.sleep(0.01)
print("3 s", file=sys.stderr)
print("│ int8 │\\n└──────┘", flush=True)
"""
#: Has begun a file, and a process that no interruption ends.
HALF_MADE = """
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
folder = pathlib.Path(sys.argv[1])
lives = '''
import pathlib, signal, sys, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
while True:
    pathlib.Path(sys.argv[1], "lives").write_text(str(time.monotonic()))
    time.sleep(0.01)
'''
(folder / "half").touch()
subprocess.Popen([sys.executable, "-S", "-c", lives, str(folder)])
try:
    print("Measuring …", flush=True)
    time.sleep(60)
finally:
    (folder / "half").unlink()
"""


FAILS_ONCE = """
import pathlib, sys
seen = pathlib.Path(sys.argv[1])
if not seen.exists():
    seen.touch()
    sys.exit(1)
"""


class Writer:
    """Presses what is next among `presses`, each time that they are asked."""

    def __init__(self, *presses: str | None) -> None:
        self.presses = list(presses)
        self.asked: list[str] = []
        self.buttons: list[str] = []

    def answer(self, params: types.ShowMessageRequestParams) -> types.MessageActionItem | None:
        self.asked.append(params.message)
        self.buttons = [action.title for action in params.actions or ()]
        pressed = self.presses.pop(0)
        return types.MessageActionItem(pressed) if pressed else None


@asynccontextmanager
async def without_model(
    writer: Writer | None, *, speaks: str | types.ClientCapabilities = EDITORS[0]
) -> AsyncIterator[AttachedEditor]:
    """An editor whose server has just found no default model, and will find one when it looks again."""
    missing = ScriptedTextModel(becomes=LOADING)
    models = [missing, ScriptedTextModel({"Once": " upon a time."})]
    async with attached(make_model=lambda _: models.pop(0), speaks=speaks, wait_for="loading") as editor:
        if writer is not None:
            editor.client.feature(types.WINDOW_SHOW_MESSAGE_REQUEST)(lambda params: writer.answer(params))  # noqa: PLW0108  pygls marks it
        await editor.until(lambda: editor.server.session.model is missing)
        missing.turn(NONE_YET)
        yield editor


@pytest.fixture(autouse=True)
def everything_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_making, "missing_packages", list)


def exporting(monkeypatch: pytest.MonkeyPatch, script: str, *arguments: object) -> None:
    command = [sys.executable, "-S", "-c", script, *map(str, arguments)]
    monkeypatch.setattr(model_making, "default_export", lambda: command)


def told(editor: AttachedEditor) -> list[str]:
    """What stood beside the bar."""
    reports: list[object] = [report for bar in editor.client.progress_reports.values() for report in bar]
    return [str(report.message) for report in reports if isinstance(report, types.WorkDoneProgressReport)]


def state(editor: AttachedEditor) -> tuple[str, str]:
    return editor.statuses[-1]["state"], editor.statuses[-1]["message"]


@pytest.mark.parametrize("speaks", EDITORS)
async def test_the_model_is_made_and_suggests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, speaks: str) -> None:
    goes_on = tmp_path / "goes on"
    goes_on.touch()
    exporting(monkeypatch, SAYS_AND_WAITS, goes_on)
    writer = Writer(BUTTON)
    async with without_model(writer, speaks=speaks) as editor:
        await editor.until(lambda: told(editor) == ["Downloading the model …"])
        assert state(editor) == ("loading", "The model is being made.")
        (question,) = writer.asked
        assert question.startswith("The language model is not on this computer yet.")
        assert writer.buttons == [BUTTON]
        offset = editor.open("Once$0")
        assert await editor.ghost_text(offset) == []
        goes_on.write_text("now")
        await editor.until(lambda: state(editor)[0] == "ready")
        assert told(editor)[-1] == "Downloading the model … 3 s"
        (item,) = await editor.ghost_text(offset)
        assert item.insert_text == "Once upon a time."
        assert editor.messages == []


async def test_it_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    exporting(monkeypatch, "import sys; print('Measuring …'); sys.exit('The disk is full. Free some space.')")
    writer = Writer(BUTTON, None)
    async with without_model(writer) as editor:
        await editor.until(lambda: len(writer.asked) == 2)
        failed = writer.asked[1]
        assert failed.startswith("The model could not be made. The disk is full. Free some space. Try again, or run ")
        assert sys.executable in failed
        assert writer.buttons == [BUTTON]
        assert state(editor) == ("failed", failed)


async def test_it_fails_and_is_tried_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The network was away for a moment."""
    exporting(monkeypatch, FAILS_ONCE, tmp_path / "seen")
    writer = Writer(BUTTON, BUTTON)
    async with without_model(writer) as editor:
        await editor.until(lambda: state(editor)[0] == "ready")
        assert writer.asked[1].startswith("The model could not be made. It did not say why. Try again")


async def test_who_gives_it_up_has_nothing_half_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    exporting(monkeypatch, HALF_MADE, tmp_path)
    async with without_model(Writer(BUTTON)) as editor:
        await editor.until(lambda: told(editor) == ["Measuring …"] and (tmp_path / "lives").exists())
        assert (tmp_path / "half").exists()
        (token,) = editor.client.progress_reports
        editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=token))
        await editor.until(lambda: state(editor) == ("failed", MISSING))
        assert not (tmp_path / "half").exists()
        await check_nothing_lives(tmp_path)
        assert editor.messages == []


async def check_nothing_lives(folder: Path) -> None:
    await asyncio.sleep(0.2)
    lived = (folder / "lives").read_text()
    await asyncio.sleep(0.1)
    assert (folder / "lives").read_text() == lived


async def test_it_ends_with_the_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    exporting(monkeypatch, HALF_MADE, tmp_path)
    async with without_model(Writer(BUTTON)) as editor:
        await editor.until((tmp_path / "lives").exists)
    await editor.until(lambda: not (tmp_path / "half").exists())
    await check_nothing_lives(tmp_path)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # its pipe outlives its loop
def test_it_ends_with_a_server_that_is_told_to_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """`exit` came right behind `shutdown`, and what the export had started went on for ever."""
    exporting(monkeypatch, HALF_MADE, tmp_path)

    async def main() -> None:
        made = asyncio.create_task(model_making._exported(lambda _: None))
        while not (tmp_path / "lives").exists():  # noqa: ASYNC110  the test's own time limit ends it
            await asyncio.sleep(0.01)
        made.cancel()
        await asyncio.sleep(0)
        sys.exit()

    with pytest.raises(SystemExit):
        asyncio.run(main())
    gc.collect()
    assert not (tmp_path / "half").exists()
    asyncio.run(check_nothing_lives(tmp_path))


async def test_the_writer_wants_none(monkeypatch: pytest.MonkeyPatch) -> None:
    exporting(monkeypatch, "1 / 0")
    writer = Writer(None)
    async with without_model(writer) as editor:
        await editor.until(lambda: writer.asked)
        await asyncio.sleep(0.05)
        assert state(editor) == ("failed", MISSING)
        assert editor.messages == []
        assert len(writer.asked) == 1


async def test_who_wanted_none_finds_it_among_the_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever had given it up was never offered it again, but by a restart: the list of models was empty."""
    goes_on = tmp_path / "goes on"
    goes_on.touch()
    exporting(monkeypatch, SAYS_AND_WAITS, goes_on)
    writer = Writer(None, BUTTON)
    offered: list[list[str]] = []
    async with without_model(writer) as editor:

        def choose(params: Any) -> list[str]:
            offered.append([item.label for item in params.items])
            return [params.items[0].value] if params.items else []

        editor.client.feature("lspWriter/choose")(choose)
        await editor.until(lambda: writer.asked)
        assert await editor.run("lspWriter.chooseModel") is None
        await editor.until(lambda: "Downloading the model …" in told(editor))
        assert len(writer.asked) == 2
        assert await editor.run("lspWriter.chooseModel") is None, "it is being made already"
        goes_on.write_text("go on")
        await editor.until(lambda: state(editor)[0] == "ready")
        assert await editor.run("lspWriter.chooseModel") is None
    assert offered == [["default"], [], []]


async def test_an_editor_without_buttons_is_told_as_ever() -> None:
    speaks = types.ClientCapabilities(window=types.WindowClientCapabilities(work_done_progress=True))
    writer = Writer()
    async with without_model(writer, speaks=speaks) as editor:
        await editor.until(lambda: editor.messages == [MISSING])
        assert writer.asked == []


async def test_an_editor_that_only_says_that_it_has_buttons() -> None:
    async with without_model(None) as editor:
        await editor.until(lambda: editor.messages == [MISSING])


async def test_the_packages_of_an_export_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_making, "missing_packages", lambda: ["torch"])
    writer = Writer()
    async with without_model(writer) as editor:
        await editor.until(lambda: editor.messages)
        (message,) = editor.messages
        assert message.startswith(MISSING)
        assert message.endswith(f"{sys.executable} -m pip install 'lsp-writer[export]'")
        assert writer.asked == []


def test_what_is_missing_is_found_without_importing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export_process, "_PACKAGES", ("antigravity", "no_such_package"))
    assert export_process.missing_packages() == ["no_such_package"]
    assert "antigravity" not in sys.modules


def test_only_the_default_model_can_be_made(tmp_path: Path) -> None:
    for folder, can_be_made in ((default_model_folder(), True), (tmp_path / "other", False)):
        with pytest.raises(ModelUnavailable, match="There is no model at") as caught:
            load_manifest(folder)
        assert ModelStatus.failed(caught.value).to_be_made == can_be_made
