import { ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { CancellationToken } from 'vscode';

/** A program and its arguments. */
export type Command = [string, ...string[]];

const WINDOWS = process.platform === 'win32';

/** Run a command in `cwd` to its end, and `show` each line that it prints. An Error has the last one as its message. */
export async function run(
  [program, ...args]: Command,
  cwd: string,
  cancelled: CancellationToken,
  show: (line: string) => void = () => undefined,
): Promise<void> {
  if (cancelled.isCancellationRequested) throw new Error('Cancelled.');
  // Where the user has told pip to install for the user, it refuses to install into an environment.
  const env = { ...process.env, PIP_USER: '0' };
  // A group of its own, so that what it starts can be ended with it.
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: !WINDOWS });
  let last = '';
  for (const stream of [child.stdout, child.stderr])
    createInterface(stream).on('line', (line) => line.trim() && show((last = line.trim())));
  const stop = () => end(child);
  const subscription = cancelled.onCancellationRequested(stop);
  process.once('exit', stop);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => (last = error.message)).once('close', resolve);
  });
  subscription.dispose();
  process.off('exit', stop);
  if (code !== 0) throw new Error(last || `${program} ended with ${code}.`);
}

/** End `child` and what it has started. pip, when interrupted, clears away what it has downloaded so far. */
function end(child: ChildProcess): void {
  const { pid } = child;
  if (!pid) return;
  if (WINDOWS) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  process.kill(-pid, 'SIGINT');
  const force = setTimeout(() => process.kill(-pid, 'SIGKILL'), 3000);
  child.once('close', () => clearTimeout(force));
}
