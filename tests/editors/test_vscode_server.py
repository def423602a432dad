"""The server's life and death in VS Code: it crashes, is missing, is something else, and goes when its window goes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import msgspec
import pytest

from lsp_writer import __version__
from tests.editors.conftest import STORY, Machine, python, real_server
from tests.editors.test_vscode import drive, package_extension

pytestmark = pytest.mark.editor

#: A message's words, and then its buttons.
Message = list[str]

SCRIPTED = "-m tests.editors.scripted_server"
#: It is ready when it dies.
ENDS_ALWAYS = "import os; from lsp_writer.serve import serve; serve(lambda _: os._exit(1), {})"
OLDER = "import lsp_writer; lsp_writer.__version__ = '0.0.9'"
PRINTS_WHEN = '(until rm "{}"; do sleep 0.1; done; echo "The disk is nearly full.")'
ANOTHER = (
    "from lsp_writer.server import app; make = app.WriterServer; "
    "app.WriterServer = lambda _, version, **more: make('prose-ls', version, **more)"
)
TYPED, WHOLE = "The boat was tied to the", " harbour wall by a rope. Nobody was aboard."
MISSING = ["Install", "Choose Where It Is", "Try Again"]
HELP = ["Try Again", "Show Log", "Doctor"]
#: Where the writer has set none.
HELP_TO_START = ["Install", *HELP]


class SeenOfLife(msgspec.Struct, rename="camel"):
    #: The server's, and what it has started.
    processes: int
    after_crash: str
    crash_messages: list[Message]
    messages_after_choosing: list[Message]
    #: Ghost texts.
    off: list[str]
    starts_for_a_setting: int
    doctor: str
    both_run: bool
    first_runs: bool


def test_the_server_lives_as_long_as_its_window(machine: Machine) -> None:
    """It is killed, set otherwise, and left behind: nothing that was typed is lost, and no process stays. The scene
    waits for the end of each."""
    typed, meanwhile, after = "She shook her h", "ead. The harbour was quiet.", " She shook her h"
    answer = drive(
        machine,
        package_extension(machine),
        "serverLife",
        typed,
        meanwhile=meanwhile,
        after=after,
        off="ghost text is switched off",
        settings={"terminal.integrated.gpuAcceleration": "off"},  # its text is in the page then
    )
    seen = msgspec.json.decode(answer, type=SeenOfLife)

    assert seen.processes > 1, "the server has its reader, which must go with it"
    assert seen.after_crash == f"{STORY}\n\n{typed}{meanwhile}{after}"
    assert seen.crash_messages == [], "the first crash is mended without a word"
    assert seen.messages_after_choosing == []
    assert seen.off == []
    assert seen.starts_for_a_setting == 1
    assert "model runs" in seen.doctor
    assert seen.both_run
    assert seen.first_runs


class SeenOfBrokenServers(msgspec.Struct, rename="camel"):
    missing: list[Message]
    missing_for_a_rewrite: list[Message]
    unchanged: str
    hanging: list[Message]
    ends_at_once: list[Message]
    ends_always: list[Message]
    starts_of_ends_always: int
    endless: list[Message]
    silent: list[Message]
    banner: list[Message]
    older: list[Message]
    another: list[Message]
    nowhere: list[Message]


def test_whatever_is_wrong_with_the_server_one_message_says_it_and_mends_it(machine: Machine) -> None:
    scripted = f"from runpy import run_module; run_module('{SCRIPTED.removeprefix('-m ')}', run_name='__main__')"
    programs = {
        "good": python(SCRIPTED),
        "hanging": "exec sleep 1000",
        "endsAtOnce": "echo 'No module named lsp_writer' >&2; exit 1",
        "endsAlways": python(f'-c "{ENDS_ALWAYS}"'),
        "endless": "exec yes",
        "silent": "echo 'Hello.'; exec sleep 1000",
        "banner": f"echo 'Welcome to the library: module python loaded'\n{python(SCRIPTED)}",
        "warns": f"{PRINTS_WHEN.format(machine.home / 'warn')} 2>&- &\n{python(SCRIPTED)}",
        "older": python(f'-c "{OLDER}; {scripted}"'),
        "another": python(f'-c "{ANOTHER}; {scripted}"'),
    }
    for name, line in programs.items():
        machine.offer_program(name, line)
    (machine.home / "bin" / "lsp-writer").unlink()
    answer = drive(machine, package_extension(machine), "brokenServers", TYPED, WHOLE)
    seen = msgspec.json.decode(answer, type=SeenOfBrokenServers)

    program = machine.home / "bin" / "lsp-writer"
    missing = ["Writer: its server, lsp-writer, was not found on this computer.", *MISSING]
    assert seen.missing == [missing]
    assert seen.missing_for_a_rewrite == [missing]
    assert seen.unchanged == STORY, "nor is anything else done"
    assert seen.hanging == [did_not_start(program, "there was no answer in 60 seconds")]
    assert seen.ends_at_once == [did_not_start(program, "No module named lsp_writer")]
    often = "Writer: The server ended by itself 4 times. Its log says why; “doctor” says what to do."
    assert seen.ends_always == [[often, *HELP]]
    assert seen.starts_of_ends_always == 4
    rubbish = did_not_start(program, "it is no language server, or prints a greeting")
    assert seen.endless == seen.silent == seen.banner == [rubbish]
    wanted = f"lsp-writer {__version__} is needed."
    mends = [f"Install {__version__}", "Choose Where It Is"]
    assert seen.older == [[f"Writer: the server “{program}” is lsp-writer 0.0.9; {wanted}", *mends]]
    assert seen.another == [[f"Writer: the server “{program}” is prose-ls {__version__}; {wanted}", *mends]]
    nowhere = (
        "Writer: “/nowhere/lsp-writer” was not found. The setting lspWriter.command says that the server is there."
    )
    assert seen.nowhere == [[nowhere, "Open Settings", *HELP]]


def did_not_start(program: Path, reason: str) -> Message:
    words = f"Writer: “{program}” did not start ({reason}). Its log says why; “doctor” says what to do."
    return [words, *HELP_TO_START]


class SeenOfWorkspace(msgspec.Struct, rename="camel"):
    messages: list[Message]
    messages_after: list[Message]
    #: Titles.
    untrusted: list[str]
    trusted: list[str]
    starts: int


SHANTY = """title = "Sing as a sea shanty"

[instructions]
en = "Retell this passage as a sea shanty."
"""


def test_a_folder_does_not_choose_what_runs(machine: Machine) -> None:
    folder, run = machine.story.parent, machine.home / "was-run"
    machine.install_scripted_server()
    machine.offer_program("evil", f'touch "{run}"')
    (folder / ".vscode").mkdir()
    (folder / ".vscode" / "settings.json").write_text(
        json.dumps({"lspWriter.command": [str(machine.home / "programs" / "evil")]})
    )
    rewrites = folder / ".lsp-writer" / "rewrites"
    rewrites.mkdir(parents=True)
    (rewrites / "shanty.toml").write_text(SHANTY)
    settings = {"security.workspace.trust.enabled": True, "security.workspace.trust.startupPrompt": "always"}
    answer = drive(machine, package_extension(machine), "workspace", TYPED, WHOLE, settings=settings, trust="No, I don")
    seen = msgspec.json.decode(answer, type=SeenOfWorkspace)

    assert not run.exists()
    (message,) = seen.messages
    assert "this folder sets lspWriter.command" in message[0]
    assert message[1:] == ["Open Your Settings"]
    assert seen.messages_after == []
    assert seen.untrusted == []
    (title,) = seen.trusted
    assert title.startswith("Sing as a sea shanty")
    assert seen.starts == 1


class SeenOfModel(msgspec.Struct, rename="camel"):
    offer: list[Message]
    offer_in_menu: list[Message]
    offer_again: list[Message]
    left: list[str]


def test_the_model_is_made_at_a_button(machine: Machine) -> None:
    """And that can be given up."""
    data = machine.home / "empty"
    data.mkdir()
    machine.install_program(real_server(data))
    answer = drive(machine, package_extension(machine), "modelMissing", data=str(data))
    seen = msgspec.json.decode(answer, type=SeenOfModel)

    (message,) = seen.offer
    assert message[1:] == ["Make the Model"]
    assert seen.offer_in_menu == seen.offer
    assert seen.offer_again == seen.offer
    assert seen.left == []


def test_the_bundle_is_small(machine: Machine) -> None:
    with zipfile.ZipFile(package_extension(machine)) as package:
        assert package.getinfo("extension/dist/extension.js").file_size < 600_000
