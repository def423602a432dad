// Builds the server's wheel into server/, with its constraints beside it, for the extension to carry. PYTHON names a Python
// that has hatchling, such as the one of the project's .venv.
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const server = path.join(import.meta.dirname, 'server');
const project = path.join(import.meta.dirname, '../..');
fs.rmSync(server, { recursive: true, force: true }); // no older wheel may stay
const build = ['-m', 'hatchling', 'build', '--target', 'wheel', '--directory', server];
execFileSync(process.env.PYTHON ?? 'python3', build, { cwd: project, stdio: 'inherit' });
fs.copyFileSync(path.join(project, 'constraints.txt'), path.join(server, 'constraints.txt'));
