"""What the VS Code extension does that shows in no window: its own code, on a stand-in for VS Code."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.editors.conftest import ROOT

pytestmark = pytest.mark.editor

EXTENSION = ROOT / "editors" / "vscode"


def run(source: str, program: str, tmp_path: Path, *, seconds: float = 60.0) -> object:
    """What `program` prints as JSON, given the exports of `source` as `extension` and the stand-in as `vscode`."""
    bundle = tmp_path / "extension.js"
    command = ["node_modules/.bin/esbuild", f"src/{source}", "--bundle", f"--outfile={bundle}", "--external:vscode"]
    node = ROOT / ".editors" / "bin" / "node"
    environment = {"PATH": str(node.parent) + ":/usr/bin:/bin"}
    subprocess.run(
        [*command, "--format=cjs", "--platform=node"],
        cwd=EXTENSION,
        env=environment,
        check=True,
        capture_output=True,
    )
    stand_in = tmp_path / "node_modules" / "vscode" / "index.js"
    stand_in.parent.mkdir(parents=True)
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
