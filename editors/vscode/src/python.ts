import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from './run';

/** What can make an environment: uv, which gets a Python where there is none, or a Python. */
export type Maker = { uv: string } | { python: Command };

const WINDOWS = process.platform === 'win32';
const VERSIONS = ['3.13', '3.12', '3.11'];
/** A fitting version; and Debian's Python comes without the means to make an environment. */
const FITS = 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))';
/** PyPI's PyTorch for Linux brings 4 GB for graphics cards, which nobody needs to make the model. */
const SMALL_TORCH = 'https://download.pytorch.org/whl/cpu';

/** The program `name` of the environment in `folder`. */
export function programOf(folder: string, name: string): string {
  return WINDOWS ? path.join(folder, 'Scripts', `${name}.exe`) : path.join(folder, 'bin', name);
}

/** What there is to make an environment with. `works` runs a command and says whether it succeeded. */
export async function findMaker(works: (command: Command) => Promise<boolean>): Promise<Maker | undefined> {
  for (const uv of onPath('uv')) if (await works([uv, '--version'])) return { uv };
  const names = [...VERSIONS.map((version) => `python${version}`), 'python3', 'python'];
  const launched = onPath('py').flatMap((py) => VERSIONS.map((version): Command => [py, `-${version}`]));
  const pythons = [...names.flatMap(onPath).map((python): Command => [python]), ...launched];
  for (const python of pythons) if (await works([...python, '-I', '-c', FITS])) return { python };
  return undefined;
}

/** Where the PATH has the program `name`. Relative folders are passed over: what is in them depends on what is open. */
export function onPath(name: string): string[] {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return folders.map((folder) => path.join(folder, WINDOWS ? `${name}.exe` : name)).filter(fs.existsSync);
}

interface Step {
  command: Command;
  /** It may fail, and the next one goes on all the same. */
  optional?: boolean;
}

/** How `wheel`, with the constraints beside it, is installed into the new environment `folder`. */
export function steps(maker: Maker, folder: string, wheel: string, extras: string[]): Step[] {
  const python = programOf(folder, 'python');
  const [environment, pip]: [Command, Command] =
    'uv' in maker
      ? [
          [maker.uv, 'venv', '--python', '>=3.11,<3.14', folder],
          [maker.uv, 'pip', 'install', '--python', python],
        ]
      : [
          [...maker.python, '-I', '-m', 'venv', folder],
          [python, '-I', '-m', 'pip', 'install', '--no-input', '--disable-pip-version-check', '--progress-bar=off'],
        ];
  const constraints = ['-c', path.join(path.dirname(wheel), 'constraints.txt')];
  const chosen = extras.length > 0 ? `[${extras.join(',')}]` : '';
  const all: Step = { command: [...pip, ...constraints, `lsp-writer${chosen} @ ${pathToFileURL(wheel)}`] };
  // By itself: an index out of reach costs pip nine seconds for each package, and ends uv. The step after it keeps what
  // this one has installed, and takes PyPI's build if that is nothing.
  const small: Command = [...pip, ...constraints, '--no-deps', '--index-url', SMALL_TORCH, 'torch'];
  const linux = process.platform === 'linux' && extras.includes('export');
  return [{ command: environment }, ...(linux ? [{ command: small, optional: true }] : []), all];
}
