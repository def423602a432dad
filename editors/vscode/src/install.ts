import { execFile, spawn } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { ended } from './run';
import { onPath } from './server';

const VERSIONS = ['3.13', '3.12', '3.11'];
const NO_PYTHON =
  'Writer needs Python 3.11, 3.12 or 3.13, and none was found. Get one from python.org (on Debian and Ubuntu: ' +
  '“sudo apt install python3-venv”) and try again.';

/** Have install.py install the server that this extension carries, unless the writer gives it up. */
export async function installServer(extension: string, storage: string, log: vscode.OutputChannel): Promise<void> {
  const options = { location: vscode.ProgressLocation.Notification, title: 'Installing Writer', cancellable: true };
  await vscode.window.withProgress(options, async (progress, cancelled) => {
    const [program, ...args] = await findPython(extension);
    if (!program) throw new Error(NO_PYTHON);
    const installer = spawn(program, [...args, storage], { cwd: extension });
    // The end of its input tells it to stop, as does the end of this window; Windows has no signal that it could heed.
    cancelled.onCancellationRequested(() => installer.stdin.end());
    const show = (line: string) => {
      log.appendLine(line);
      progress.report({ message: line.length > 80 ? `${line.slice(0, 79)}…` : line });
    };
    await ended(installer, show).catch((error) => {
      if (!cancelled.isCancellationRequested) throw error;
    });
  });
}

/** The command for install.py: by uv, which gets a Python where there is none, or by a Python that will do. */
async function findPython(cwd: string): Promise<string[]> {
  const names = [...VERSIONS.map((version) => `python${version}`), 'python3', 'python'];
  const pythons = [
    ...onPath('uv').map((uv) => [uv, 'run', '--no-project', '--python', '>=3.11,<3.14', 'python']),
    ...names.flatMap(onPath).map((python) => [python]),
    ...onPath('py').flatMap((py) => VERSIONS.map((version) => [py, `-${version}`])),
  ];
  for (const [program = '', ...more] of pythons) {
    const args = [...more, '-I', path.join(cwd, 'install.py')];
    const willDo = await promisify(execFile)(program, args, { cwd }).then(
      () => true,
      () => false,
    );
    if (willDo) return [program, ...args];
  }
  return [];
}
