import * as fs from 'node:fs';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { findMaker, programOf, steps } from './python';
import { run } from './run';

/** What makes the model, and the report's charts. */
const EXTRAS = ['export', 'report'];
const NO_PYTHON =
  'Writer needs Python 3.11, 3.12 or 3.13, and none was found. Get one from python.org (on Debian and Ubuntu: ' +
  '“sudo apt install python3-venv”) and try again.';

/** The private server's command; empty unless it was installed to the end. pip makes the command before that. */
export function privateCommand(storage: string): string {
  return read(finishedIn(storage)) && programOf(path.join(storage, 'server'), 'lsp-writer');
}

/** Install the server that belongs to this extension. Resolves to whether it is there: not if the writer gave it up. */
export async function installServer(
  extensionPath: string,
  storage: string,
  log: vscode.OutputChannel,
  extras = EXTRAS,
): Promise<boolean> {
  const wheel = wheelOf(extensionPath);
  if (!wheel) throw new Error('This build of Writer comes without its server. Install lsp-writer by hand.');
  if (read(finishedIn(storage)) === path.basename(wheel)) return true;
  // Another window may be at it, or this one.
  const claim = path.join(storage, 'installing');
  if (isRunning(Number(read(claim)))) throw new Error('Writer is being installed already. Try again in some minutes.');
  fs.mkdirSync(storage, { recursive: true });
  fs.writeFileSync(claim, String(process.pid));
  const options = { location: vscode.ProgressLocation.Notification, title: 'Installing Writer', cancellable: true };
  return vscode.window.withProgress(options, async (progress, cancelled) => {
    const show = (line: string) => {
      log.appendLine(line);
      progress.report({ message: line.length > 80 ? `${line.slice(0, 79)}…` : line });
    };
    try {
      await install(wheel, storage, extras, cancelled, show);
      return true;
    } catch (error) {
      await remove(storage);
      if (cancelled.isCancellationRequested) return false;
      throw error;
    } finally {
      fs.rmSync(claim, { force: true });
    }
  });
}

async function install(
  wheel: string,
  storage: string,
  extras: string[],
  cancelled: vscode.CancellationToken,
  show: (line: string) => void,
): Promise<void> {
  // The programs of an environment name its folder, so it is made in its place. What a try left before goes first.
  await remove(storage);
  const done = () => true;
  const failed = () => false;
  const maker = await findMaker((command) => run(command, storage, cancelled).then(done, failed));
  if (!maker) throw new Error(NO_PYTHON);
  for (const { command, optional } of steps(maker, path.join(storage, 'server'), wheel, extras)) {
    show(`> ${command.join(' ')}`);
    await run(command, storage, cancelled, show).catch((error: Error) => {
      if (!optional) throw new Error(`Writer was not installed: “${error.message}”. Look at the log, and try again.`);
    });
  }
  fs.writeFileSync(finishedIn(storage), path.basename(wheel));
}

/** Names the wheel that was installed; written last. */
function finishedIn(storage: string): string {
  return path.join(storage, 'server', 'finished');
}

function remove(storage: string): Promise<void> {
  return fs.promises.rm(path.join(storage, 'server'), { recursive: true, force: true, maxRetries: 5 });
}

function wheelOf(extensionPath: string): string | undefined {
  const folder = path.join(extensionPath, 'server');
  const wheel = fs.existsSync(folder) && fs.readdirSync(folder).find((name) => name.endsWith('.whl'));
  return wheel ? path.join(folder, wheel) : undefined;
}

function read(file: string): string {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '';
}

/** A window that is killed in the middle leaves its number behind. */
function isRunning(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch {
    return false;
  }
}
