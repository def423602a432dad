import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Wait until a program ends, and `show` each line that it prints. If it fails, the Error's message is the last one. */
export async function ended(child: ChildProcessWithoutNullStreams, show: (line: string) => void): Promise<void> {
  let last = '';
  const say = (line: string) => line.trim() && show((last = line.trim()));
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', say);
  const code = await new Promise((resolve) =>
    child.once('error', ({ message }) => say(message)).once('close', resolve),
  );
  if (code === 0) return;
  if (!last) say(`${child.spawnfile} ended with ${code}.`);
  throw new Error(last);
}
