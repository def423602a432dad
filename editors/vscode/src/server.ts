import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';

const PROGRAM = 'lsp-writer';
const [PROGRAMS, EXE] = process.platform === 'win32' ? ['Scripts', '.exe'] : ['bin', ''];
// The Python extension may be busy with a large workspace, and a writer need not wait for it.
const SECONDS_FOR_PYTHON = 5;

/** What this extension asks of the Python extension. */
interface PythonExtension {
  environments: {
    getActiveEnvironmentPath(): { path: string };
    resolveEnvironment(path: { path: string }): Promise<{ executable: { uri?: vscode.Uri } } | undefined>;
  };
}

/**
 * The command that starts the server: what the writer has `set`, else the one that they had this extension install in
 * `storage`, else the one of the active Python environment, else the one on the PATH. Empty if there is none.
 */
export async function findServer(set: string[], storage: string): Promise<string[]> {
  if (set.length > 0) return set;
  const found = installedIn(path.join(storage, 'server')) ?? (await ofPythonEnvironment()) ?? onPath(PROGRAM)[0];
  return found ? [found] : [];
}

function installedIn(environment: string): string | undefined {
  const program = path.join(environment, PROGRAMS, PROGRAM + EXE);
  // Written last: pip makes the program before all that it needs is there.
  return fs.existsSync(path.join(environment, 'finished')) && isProgram(program) ? program : undefined;
}

/** Where the PATH has the program `name`. Relative folders are passed over: what is in them depends on what is open. */
export function onPath(name: string): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, name + EXE)).filter(isProgram);
}

async function ofPythonEnvironment(): Promise<string | undefined> {
  const python = vscode.extensions.getExtension<PythonExtension>('ms-python.python');
  // An environment may have been chosen by the workspace, and a folder that is not trusted chooses nothing.
  if (!python || !vscode.workspace.isTrusted) return undefined;
  try {
    const { environments } = await inTime(python.activate(), SECONDS_FOR_PYTHON);
    const active = await environments.resolveEnvironment(environments.getActiveEnvironmentPath());
    if (!active?.executable.uri) return undefined;
    const program = path.join(path.dirname(active.executable.uri.fsPath), PROGRAM + EXE);
    return isProgram(program) && !isInWorkspace(program) ? program : undefined;
  } catch (error) {
    console.error(error);
    return undefined;
  }
}

function isProgram(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function isInWorkspace(file: string): boolean {
  return (vscode.workspace.workspaceFolders ?? []).some(({ uri }) => {
    const relative = path.relative(fs.realpathSync(uri.fsPath), fs.realpathSync(file));
    return !relative.startsWith('..') && !path.isAbsolute(relative);
  });
}

export function inTime<T>(work: PromiseLike<T>, seconds: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Error(`there was no answer in ${seconds} seconds`));
    const timer = setTimeout(late, seconds * 1000);
    work.then(resolve, reject).then(() => clearTimeout(timer));
  });
}
