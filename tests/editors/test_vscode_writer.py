"""How the VS Code extension minds one server after the other: its own code, on a stand-in for the language client."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from tests.editors.conftest import ROOT
from tests.editors.test_vscode_client import program, run

pytestmark = pytest.mark.editor

#: A client whose `start` waits for `goOn`, and which cannot be disposed of meanwhile, as the real one cannot.
STAND_IN = """
const clients = [];
class LanguageClient {
  constructor(id, name, server, options) {
    Object.assign(this, { server, options, state: 'initial' });
    clients.push(this);
  }
  async createMessageTransports() {
    const closes = [];
    const kill = () => (this.end('killed'), closes.forEach((close) => close()));
    const once = (event, listener) => closes.push(listener);
    this.serverProcess = { kill, once, stderr: { on() {} }, stdout: { once() {} } };
  }
  onNotification() {}
  onRequest() {}
  onDidChangeState(listener) { this.changed = listener; return { dispose() {} }; }
  isRunning() { return this.state === 'running'; }
  async start() {
    this.state = 'starting';
    await this.createMessageTransports();
    this.initializeResult = { serverInfo: { name: 'lsp-writer', version: this.version } };
    return new Promise((goOn, fail) => Object.assign(this, { goOn, fail })).then(() => { this.state = 'running'; });
  }
  end(how) {
    this.how ??= how;
    this.state = 'stopped';
    this.fail?.(new Error(how));
    this.changed?.({ newState: 1 });
  }
  async dispose() {
    if (this.state === 'starting') throw new Error('cannot be stopped');
    this.end('disposed');
  }
}
const languageClient = require('vscode-languageclient/node');
Object.assign(languageClient, { LanguageClient, State: { Stopped: 1, Running: 2 }, ErrorAction: {}, CloseAction: {} });

const [shown, said] = [[], []];
const nothing = () => ({ dispose() {}, show() {}, appendLine() {} });
const show = async (message, ...buttons) => void shown.push([message, ...buttons]);
Object.assign(vscode, {
  EventEmitter: class { fire() {} },
  CancellationTokenSource: class { cancel() {} },
  StatusBarAlignment: {}, ThemeColor: class {}, ViewColumn: {},
  commands: { executeCommand: async () => undefined },
  extensions: { getExtension: () => undefined },
  window: {
    createOutputChannel: nothing,
    createStatusBarItem: () => ({ show() {}, set tooltip(words) { said.push(words); }, get tooltip() { return ''; } }),
    showErrorMessage: show, showWarningMessage: show, showInformationMessage: show,
    tabGroups: { all: [], close: async () => true },
  },
  workspace: {
    isTrusted: true,
    getConfiguration: () => ({ get: () => set.command ?? [], inspect: () => ({ globalValue: set.command }) }),
    registerTextDocumentContentProvider: nothing,
  },
});
const set = {};
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
const packageJSON = %(package)s;
LanguageClient.prototype.version = packageJSON.version;
process.env.PATH = %(path)s;
const { Writer } = require('./extension.js');
const context = { extension: { packageJSON }, extensionPath: '/extension', globalStorageUri: { fsPath: '/nowhere' } };
const writer = new Writer(context);
(async () => {
%(play)s
})().then((seen) => process.stdout.write(JSON.stringify(seen), () => process.exit(0)));
"""


def played(tmp_path: Path, play: str) -> object:
    """What `play` answers, with a `writer` whose server is on the path."""
    package = (ROOT / "editors" / "vscode" / "package.json").read_text(encoding="utf-8")
    path = json.dumps(str(program(tmp_path / "bin").parent))
    source = STAND_IN % {"package": package, "path": path, "play": play}
    return run("writer.ts", source, tmp_path, stand_ins=("vscode", "vscode-languageclient/node"))


def test_commands_while_the_server_starts_start_no_other(tmp_path: Path) -> None:
    """Two commands in a window that was just opened, and the server was started three times, with its model."""
    play = """
    const [first, second, third] = [writer.restart(), writer.started(), writer.started()];
    await turn();
    clients[0].goOn();
    await Promise.race([Promise.all([first, second, third]), turn()]);
    return { clients: clients.length, same: writer.running === clients[0] };
    """
    assert played(tmp_path, play) == {"clients": 1, "same": True}


@pytest.mark.parametrize(("act", "left"), [("restart", 2), ("stop", 1)])
def test_a_start_that_hangs_holds_up_nothing(tmp_path: Path, act: str, left: int) -> None:
    """The setting was put right, and the next server came when a minute was over; a window that was closed in that
    minute left the program behind."""
    play = f"""
    void writer.restart();
    await turn();
    const done = writer.{act}();
    await turn();
    clients[1]?.goOn();
    await Promise.race([done, turn()]);
    return {{ how: clients[0].how, clients: clients.length, runs: clients.at(-1).isRunning(), shown }};
    """
    assert played(tmp_path, play) == {"how": "killed", "clients": left, "runs": act == "restart", "shown": []}


def test_nothing_of_a_server_that_is_left_alone_stays(tmp_path: Path) -> None:
    """Its rewrites stood there, with buttons; Accept started a server that did not understand which."""
    play = """
    const started = writer.restart();
    await turn();
    clients[0].goOn();
    await started;
    writer.crashes = Array(3).fill(Date.now());
    clients[0].revisions.dispose = () => shown.push(['gone']);
    clients[0].end('crashed');
    await turn();
    return shown.map(([words]) => words.split('.')[0]);
    """
    assert played(tmp_path, play) == ["gone", "Writer: The server ended by itself 4 times"]


@pytest.mark.parametrize(
    ("command", "fault", "words", "button"),
    [
        ([], "spawn ENOENT", "did not start", "Install"),
        (["/mine"], "spawn ENOENT", "“/mine” was not found. The setting", "Open Settings"),
        (["/mine"], "no such module", "did not start", "Open Settings"),
    ],
)
def test_the_mend_of_a_server_that_does_not_start(
    tmp_path: Path, command: list[str], fault: str, words: str, button: str
) -> None:
    """Its Python had been removed, of which the system says the same as of a program that is not there: the writer was
    sent to a setting that was empty."""
    play = f"""
    set.command = {json.dumps(command)};
    const started = writer.restart();
    await turn();
    clients[0].fail(new Error({json.dumps(fault)}));
    clients[0].serverProcess.kill();
    await started;
    return shown;
    """
    ((message, first, *_),) = cast("list[list[str]]", played(tmp_path, play))
    assert words in message
    assert first == button


def test_who_installs_is_not_told_that_the_server_is_ready(tmp_path: Path) -> None:
    """The one that ran was ended for it. The status went on saying “ready”, and did so when nothing was installed."""
    play = """
    const started = writer.restart();
    await turn();
    clients[0].goOn();
    await started;
    writer.status.show({ state: 'ready' });
    void writer.install();
    await turn();
    return said.slice(-2).map((words) => words.split('.')[0]);
    """
    assert played(tmp_path, play) == ["Writer is loading", "Writer has failed"]
