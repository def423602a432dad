// Drives VS Code's own workbench in a browser: types, clicks and reads as a writer does in one scene, and prints what it
// saw as one JSON object. test_vscode.py starts it, gives it a plan on standard input and judges the answer.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { Contact } from './vscode_contact.mjs';
import { Critique } from './vscode_critique.mjs';
import { FirstMinutes } from './vscode_first_minutes.mjs';
import { GhostText } from './vscode_ghost_text.mjs';
import { Rewrites, RewritesInTrouble, RewritesMeanwhile, RewritesUnderWay } from './vscode_rewrites.mjs';
import { BrokenServers, ModelMissing, ServerLife, Workspace } from './vscode_server.mjs';
import { until } from './vscode_writer.mjs';

const plan = JSON.parse(fs.readFileSync(0, 'utf8'));
const { home, editors, browser: browserPath, story, extension } = plan;
const { chromium } = createRequire(path.join(editors, 'package.json'))('playwright-core');
const folder = (name) => path.join(home, name);

const SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'files.autoSave': 'off',
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

function codeServer(...args) {
  const entry = path.join(editors, 'node_modules/code-server/out/node/entry.js');
  const folders = [
    '--config',
    folder('code-server.yaml'),
    '--user-data-dir',
    folder('user'),
    '--extensions-dir',
    folder('extensions'),
  ];
  const env = { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl": ""}' };
  const log = fs.openSync(folder('code-server.log'), 'a');
  return spawn(path.join(editors, 'bin/node'), [entry, ...folders, ...args], { env, stdio: ['ignore', log, log] });
}

async function installExtension(file) {
  const code = await new Promise((resolve) => codeServer('--install-extension', file).once('exit', resolve));
  if (code !== 0)
    throw new Error(`the extension was not installed: ${fs.readFileSync(folder('code-server.log'), 'utf8')}`);
}

function freePort() {
  return new Promise((resolve) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** A window of its own, with the story. */
async function openStory(browser, port) {
  const page = await (await browser.newContext({ viewport: { width: 1200, height: 700 } })).newPage();
  const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${story}`]]);
  await page.goto(`http://127.0.0.1:${port}/?folder=${path.dirname(story)}&payload=${encodeURIComponent(payload)}`);
  if (plan.trust) await page.locator('.monaco-dialog-box .monaco-button', { hasText: plan.trust }).click();
  await page.locator('.editor-instance .view-line').first().waitFor({ timeout: 60000 });
  await page.locator('.editor-instance .view-lines').first().click();
  return page;
}

const SCENES = {
  brokenServers: BrokenServers,
  contact: Contact,
  critique: Critique,
  firstMinutes: FirstMinutes,
  ghostText: GhostText,
  modelMissing: ModelMissing,
  rewrites: Rewrites,
  rewritesInTrouble: RewritesInTrouble,
  rewritesMeanwhile: RewritesMeanwhile,
  rewritesUnderWay: RewritesUnderWay,
  serverLife: ServerLife,
  workspace: Workspace,
};

async function main() {
  for (const file of [extension, ...(plan.others ?? [])]) await installExtension(file);
  fs.mkdirSync(folder('user/User'), { recursive: true });
  fs.writeFileSync(folder('user/User/settings.json'), JSON.stringify({ ...SETTINGS, ...plan.settings }));
  const port = await freePort();
  codeServer(
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${port}`,
    '--disable-telemetry',
    '--disable-update-check',
    path.dirname(story),
  );
  await until(
    () =>
      fetch(`http://127.0.0.1:${port}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      ),
    'code-server',
  );
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  const page = await openStory(browser, port);
  const writer = new SCENES[plan.scene](page, plan, () => openStory(browser, port));
  try {
    writer.seen.original = fs.readFileSync(story, 'utf8');
    await writer.ready();
    await writer.play();
  } catch (error) {
    await writer.shot(`failed-${plan.scene}`);
    console.error(await writer.statusItem.getAttribute('aria-label', { timeout: 1000 }).catch(() => 'no status'));
    throw error;
  } finally {
    await browser.close();
  }
  return writer.seen;
}

console.log(JSON.stringify(await main()));
process.exit(0); // code-server is still up: whoever started this process ends its group
