"""What the VS Code extension does that shows in no window: its own code, on a stand-in for VS Code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.editors.conftest import ROOT

pytestmark = pytest.mark.editor

EXTENSION = ROOT / "editors" / "vscode"


def run(
    source: str, program: str, tmp_path: Path, *, seconds: float = 60.0, stand_ins: tuple[str, ...] = ("vscode",)
) -> object:
    """What `program` prints as JSON, given the exports of `source` as `extension` and the empty `stand_ins`."""
    bundle = tmp_path / "extension.js"
    command = ["node_modules/.bin/esbuild", f"src/{source}", "--bundle", f"--outfile={bundle}"]
    command += [f"--external:{name}" for name in stand_ins]
    node = ROOT / ".editors" / "bin" / "node"
    environment = {"PATH": str(node.parent) + ":/usr/bin:/bin"}
    subprocess.run(
        [*command, "--format=cjs", "--platform=node"],
        cwd=EXTENSION,
        env=environment,
        check=True,
        capture_output=True,
    )
    for name in stand_ins:
        stand_in = tmp_path / "node_modules" / name / "index.js"
        stand_in.parent.mkdir(parents=True, exist_ok=True)
        stand_in.write_text("module.exports = {};")
    script = tmp_path / "program.js"
    script.write_text(f"const vscode = require('vscode');\n{program}")
    ended = subprocess.run([node, script], capture_output=True, check=False, text=True, timeout=seconds)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


def test_only_what_the_user_has_set_is_sent(tmp_path: Path) -> None:
    """`threads = 2` in the user's config.toml had no effect: the extension sent its own default, 0, which goes before
    the file."""
    program = """
    vscode.workspace = {
      getConfiguration: () => ({
        get: () => { throw new Error('this gives defaults and what a workspace says') },
        inspect: (name) => ({
          'lspWriter.model': { defaultValue: '', globalValue: '/models/large', workspaceValue: '/evil' },
          'lspWriter.device': { defaultValue: 'auto', workspaceValue: 'cuda' },
          'lspWriter.threads': { defaultValue: 0 },
        })[name],
      }),
    };
    const { MachineSettings } = require('./extension.js');
    const packageJSON = require(%s);
    console.log(JSON.stringify(new MachineSettings({ packageJSON }).values));
    """
    package = json.dumps(str(EXTENSION / "package.json"))
    assert run("settings.ts", program % package, tmp_path) == {"model": "/models/large"}


def test_a_file_of_a_workspace_that_sets_a_program_is_named(tmp_path: Path) -> None:
    """Several folders that are open together have their settings in a file of its own."""
    program = """
    const files = {
      '/one/.vscode/settings.json': '{ "lspWriter.device": "cuda" }',
      '/both.code-workspace': '{ "settings": { "lspWriter.command": ["/evil"], "lspWriter.menu.enabled": false } }',
    };
    vscode.Uri = { joinPath: (folder, ...parts) => [folder, ...parts].join('/') };
    vscode.workspace = {
      workspaceFile: '/both.code-workspace',
      workspaceFolders: [{ uri: '/one' }, { uri: '/two' }],
      fs: { readFile: async (file) => { if (!(file in files)) throw new Error(file); return files[file]; } },
    };
    const { MachineSettings } = require('./extension.js');
    const packageJSON = require(%s);
    new MachineSettings({ packageJSON }).triedByWorkspace().then((names) => console.log(JSON.stringify(names.sort())));
    """
    package = json.dumps(str(EXTENSION / "package.json"))
    assert run("settings.ts", program % package, tmp_path) == ["lspWriter.command", "lspWriter.device"]


@pytest.mark.parametrize(
    ("value", "command"),
    [("/my programs/lsp-writer", ["/my programs/lsp-writer"]), (["py", "-m", "it"], ["py", "-m", "it"]), ("", [])],
)
def test_the_command_may_be_a_path_alone(tmp_path: Path, value: object, command: list[str]) -> None:
    """It was taken apart into letters, of which the first was started, and nothing was said."""
    program = f"""
    vscode.workspace = {{ getConfiguration: () => ({{ get: () => {json.dumps(value)} }}) }};
    const {{ MachineSettings }} = require('./extension.js');
    const packageJSON = {{ contributes: {{ configuration: {{ properties: {{}} }} }} }};
    console.log(JSON.stringify(new MachineSettings({{ packageJSON }}).command));
    """
    assert run("settings.ts", program, tmp_path) == command


def test_a_start_that_went_wrong_does_not_prevent_the_next(tmp_path: Path) -> None:
    """A server that did not stop in time could never be started again without reloading the window."""
    program = """
    const { Queue } = require('./extension.js');
    const queue = new Queue();
    const log = [];
    const work = (name, fails) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      if (fails) throw new Error(name);
      log.push(`${name} ends`);
    };
    const first = queue.run(work('first', true)).catch((error) => log.push(`${error.message} failed`));
    const second = queue.run(work('second', false));
    Promise.all([first, second]).then(() => console.log(JSON.stringify(log)));
    """
    log = run("queue.ts", program, tmp_path)
    assert log == ["first begins", "first failed", "second begins", "second ends"]


def test_a_sentence_ends_where_the_server_sees_its_end(tmp_path: Path) -> None:
    sentences = [
        "wall by a rope.| Nobody was aboard.",
        "said Mr. Hale.| He left.",
        "“Why?” he asked.| She shrugged.",
        "“No.”| She shrugged.",
        "only half a sentence",
        "走了。|她没有回头。",
        "",
    ]
    program = f"""
    const {{ firstSentence }} = require('./extension.js');
    console.log(JSON.stringify({json.dumps(sentences)}.map((marked) => firstSentence(marked.replace('|', '')))));
    """
    assert run("sentence.ts", program, tmp_path) == [marked.split("|")[0] for marked in sentences]


STAND_IN = """
const extensions = {};
vscode.extensions = { getExtension: (id) => extensions[id] };
vscode.workspace = { isTrusted: true, workspaceFolders: [] };
const python = (file) => ({
  activate: async () => ({
    environments: {
      getActiveEnvironmentPath: () => ({ path: file }),
      resolveEnvironment: async ({ path }) => ({ executable: { uri: { fsPath: path } } }),
    },
  }),
});
"""


def program(folder: Path, name: str = "lsp-writer") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text("#!/bin/sh\n")
    file.chmod(0o755)
    return file


def found(tmp_path: Path, *, set_to: list[str] | None = None, path: str = "", more: str = "") -> object:
    source = f"""
    {STAND_IN}
    process.env.PATH = {json.dumps(path)};
    {more}
    const {{ findServer }} = require('./extension.js');
    findServer({json.dumps(set_to or [])}, {json.dumps(str(tmp_path / "storage"))})
      .then((command) => console.log(JSON.stringify(command)));
    """
    return run("server.ts", source, tmp_path)


def test_where_the_server_is_found(tmp_path: Path) -> None:
    on_path = program(tmp_path / "bin")
    in_python = program(tmp_path / "venv" / "bin")
    installed = program(tmp_path / "storage" / "server" / "bin")
    path = str(on_path.parent)
    active = f"extensions['ms-python.python'] = python({json.dumps(str(program(in_python.parent, 'python3.12')))});"

    assert found(tmp_path, path=path) == [str(on_path)]
    assert found(tmp_path, path=path, more=active) == [str(in_python)]
    assert found(tmp_path) == []
    (installed.parents[1] / "finished").write_text("lsp_writer-0.1.0-py3-none-any.whl")
    assert found(tmp_path, path=path, more=active) == [str(installed)]
    assert found(tmp_path, set_to=["mine", "--model", "large"], path=path) == ["mine", "--model", "large"]


def test_no_folder_that_is_open_chooses_the_server(tmp_path: Path) -> None:
    """A manuscript's folder came with an environment of its own, and the Python extension made it the active one."""
    book = tmp_path / "book"
    python = program(program(book / ".venv" / "bin").parent, "python")
    active = f"extensions['ms-python.python'] = python({json.dumps(str(python))});"
    is_open = f"vscode.workspace.workspaceFolders = [{{ uri: {{ fsPath: {json.dumps(str(book))} }} }}];"
    assert found(tmp_path, more=active + is_open) == []
    elsewhere = f"vscode.workspace.workspaceFolders = [{{ uri: {{ fsPath: {json.dumps(str(tmp_path / 'bin'))} }} }}];"
    (tmp_path / "bin").mkdir()
    assert found(tmp_path, more=active + elsewhere) == [str(book / ".venv" / "bin" / "lsp-writer")]
    assert found(tmp_path, more=active + elsewhere + "vscode.workspace.isTrusted = false;") == []
    assert found(tmp_path, path="book:.:") == []


@pytest.mark.parametrize(
    "activate", ["async () => { throw new Error('broken'); }", "() => new Promise(() => undefined)"]
)
def test_a_python_extension_that_fails_or_hangs_is_passed_over(tmp_path: Path, activate: str) -> None:
    on_path = program(tmp_path / "bin")
    more = f"console.error = () => {{}}; extensions['ms-python.python'] = {{ activate: {activate} }};"
    assert found(tmp_path, path=str(on_path.parent), more=more) == [str(on_path)]


@pytest.mark.parametrize(
    ("installed", "enabled", "says"),
    [
        ([], {}, ""),
        (["GitHub.copilot"], {"*": True, "markdown": False, "plaintext": False}, ""),
        (["GitHub.copilot"], {"*": True, "plaintext": False}, "GitHub.copilot"),
        (["Codeium.codeium"], {}, "Codeium.codeium"),
    ],
)
def test_another_that_suggests_in_prose_is_told_of_once(
    tmp_path: Path, installed: list[str], enabled: dict[str, bool], says: str
) -> None:
    source = f"""
    const shown = [];
    const show = async (message) => void shown.push(message);
    vscode.window = {{ showInformationMessage: show, showWarningMessage: show, showErrorMessage: show }};
    const installed = {json.dumps(installed)};
    vscode.extensions = {{
      getExtension: (id) => installed.includes(id) ? {{ packageJSON: {{ displayName: id }} }} : undefined,
    }};
    vscode.workspace = {{ getConfiguration: () => ({{ get: () => ({json.dumps(enabled)}) }}) }};
    const memory = new Map();
    const memento = {{ get: (name) => memory.get(name), update: (name, value) => memory.set(name, value) }};
    const {{ tellOfOtherGhostText }} = require('./extension.js');
    const remarks = [tellOfOtherGhostText(memento), tellOfOtherGhostText(memento)];
    console.log(JSON.stringify({{ remarks, shown }}));
    """
    seen = run("otherGhostText.ts", source, tmp_path)
    assert isinstance(seen, dict)
    assert all(says in remark for remark in seen["remarks"])
    assert all(bool(remark) == bool(says) for remark in seen["remarks"])
    assert len(seen["shown"]) == (1 if says else 0)


@pytest.mark.parametrize(
    ("states", "shown"),
    [
        (["ready"], 1),
        (["stopped", "running"], 0),
        (["stopped", "running", "ready"], 1),
        (["ready", "applying", "kept"], 1),
        (["ready", "discarded"], 0),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_diff_is_there_while_its_rewrite_waits(
    tmp_path: Path, states: list[str], shown: int, *, at_once: bool
) -> None:
    """One that went on kept the diff of its beginning, which showed that to the end; one that was decided about while
    its diff was being opened left an empty one behind."""
    source = f"""
    const tabs = [];
    const turn = () => new Promise((resolve) => setTimeout(resolve, 2));
    vscode.TabInputTextDiff = class {{ constructor(modified) {{ this.modified = modified; }} }};
    vscode.Uri = {{ from: (parts) => parts }};
    vscode.ViewColumn = {{}};
    vscode.workspace = {{ registerTextDocumentContentProvider: () => ({{ dispose() {{}} }}) }};
    const close = async (closed) => closed.forEach((tab) => tabs.splice(tabs.indexOf(tab), 1));
    vscode.window = {{ tabGroups: {{ get all() {{ return [{{ tabs: [...tabs] }}]; }}, close }} }};
    const open = async (modified) => {{
      await turn();
      tabs.push({{ group: {{}}, input: new vscode.TabInputTextDiff(modified) }});
    }};
    const executeCommand = async (name, _, modified) => name === 'vscode.diff' && open(modified);
    vscode.commands = {{ executeCommand }};
    const {{ Revisions }} = require('./extension.js');
    const revisions = new Revisions();
    (async () => {{
      const told = [];
      for (const state of {json.dumps(states)}) {{
        const alternatives = [{{ text: 'It rained.' }}];
        told.push(revisions.told({{ id: 'one', title: 'Noir', state, original: '', alternatives }}));
        if (!{json.dumps(at_once)}) await turn().then(turn);
      }}
      await Promise.all(told);
      const shown = new Set(tabs.map((tab) => tab.input.modified.path)).size;
      revisions.dispose();
      await turn();
      console.log(JSON.stringify([shown, tabs.length]));
    }})();
    """
    assert run("revisions.ts", source, tmp_path) == [shown, 0]
