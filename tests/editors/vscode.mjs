// Drives VS Code's own workbench in a browser: types, clicks and reads as a writer does, and prints what it saw as one
// JSON object. test_vscode.py starts it, gives it a plan on standard input and judges the answer.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const { home, editors, browser: browserPath, shots, story, extension, typed, hoverOver, passageLine } = JSON.parse(
  fs.readFileSync(0, 'utf8'),
);
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

async function installExtension() {
  const code = await new Promise((resolve) => codeServer('--install-extension', extension).once('exit', resolve));
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

async function until(condition, what, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function openStory(browser, port) {
  const page = await (await browser.newContext({ viewport: { width: 1200, height: 700 } })).newPage();
  const payload = JSON.stringify([['openFile', `vscode-remote://127.0.0.1:${port}${story}`]]);
  await page.goto(`http://127.0.0.1:${port}/?folder=${path.dirname(story)}&payload=${encodeURIComponent(payload)}`);
  await page.locator('.editor-instance .view-line').first().waitFor({ timeout: 60000 });
  await page.locator('.editor-instance .view-lines').first().click();
  return page;
}

/** What a writer does and sees in the one open editor. */
class Writer {
  seen = {};

  constructor(page) {
    this.page = page;
  }

  async shot(name) {
    await this.page.screenshot({ path: path.join(shots, `vscode-${name}.png`), animations: 'disabled' });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** The manuscript, as it is when it is saved now. */
  async text() {
    await this.press('Control+s');
    await this.page.locator('.tab.active:not(.dirty)').first().waitFor({ timeout: 10000 });
    return fs.readFileSync(story, 'utf8');
  }

  async ready() {
    const item = this.page.locator('.statusbar-item[id*="lspWriter.status"]');
    await until(async () => /ready/.test((await item.getAttribute('aria-label')) ?? ''), 'the model', 60);
  }

  async typeAndAccept() {
    await this.press('Control+End', 'Enter');
    const ghost = this.page.locator('.ghost-text-decoration').first();
    const menu = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    // VS Code opens no menu for a letter that is typed while it waits for the menu of the space before it.
    await this.page.keyboard.type(typed.slice(0, -1), { delay: 40 });
    await ghost.waitFor({ timeout: 30000 });
    await this.page.keyboard.type(typed.slice(-1));
    await menu.first().waitFor({ timeout: 30000 });
    await ghost.waitFor({ timeout: 30000 });
    // A newer suggestion may be on its way while an older one is shown.
    await until(async () => {
      const before = await ghost.innerText();
      await this.page.waitForTimeout(300);
      this.seen.ghostText = await ghost.innerText().catch(() => '');
      return this.seen.ghostText === before;
    }, 'the ghost text to stand still');
    this.seen.menu = await menu.allInnerTexts();
    await this.shot('1-ghost-text');
    await this.press('Tab');
    await ghost.waitFor({ state: 'hidden' });
    await this.shot('2-accepted');
    this.seen.accepted = await this.text();
  }

  async undoEverything() {
    const original = this.seen.original;
    for (let step = 0; step < 20 && (await this.text()) !== original; step += 1) await this.press('Control+z');
    this.seen.typingUndone = await this.text();
  }

  async hover() {
    const word = await this.page.evaluate((wanted) => {
      const walker = document.createTreeWalker(
        document.querySelector('.editor-instance .view-lines'),
        NodeFilter.SHOW_TEXT,
      );
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const start = node.data.indexOf(wanted);
        if (start < 0) continue;
        const range = document.createRange();
        range.setStart(node, start);
        range.setEnd(node, start + wanted.length);
        const { x, y, width, height } = range.getBoundingClientRect();
        return { x: x + width / 2, y: y + height / 2 };
      }
    }, hoverOver);
    await this.page.mouse.move(word.x - 2, word.y);
    await this.page.mouse.move(word.x, word.y, { steps: 3 });
    const hover = this.page.locator('.monaco-hover:visible').first();
    await until(async () => /words/.test(await hover.innerText().catch(() => '')), 'the critique');
    await this.page.waitForTimeout(300); // it fades in
    this.seen.hover = await hover.innerText();
    await this.shot('3-hover');
    await this.press('Escape');
    await this.page.mouse.move(600, 650);
  }

  async rewrite(command) {
    await this.press('Control+Home');
    for (let line = 0; line < passageLine; line += 1) await this.press('ArrowDown');
    await this.press('F1');
    await this.page.keyboard.type(command);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: command }).first().waitFor();
    await this.press('Enter');
    const notification = this.page.locator('.notification-toast', { hasText: 'Rewrite as noir' });
    await notification.waitFor({ timeout: 10000 });
    this.seen.buttons = await notification.locator('.monaco-button').allInnerTexts();
    await this.shot('4-rewriting');
    await this.page.locator('.tab.active.dirty').waitFor({ timeout: 120000 });
    await notification.waitFor({ state: 'hidden' });
    await this.shot('5-rewritten');
    this.seen.rewritten = await this.text();
    await this.press('Control+z');
    this.seen.rewriteUndone = await this.text();
    await this.shot('6-undone');
  }
}

async function main() {
  await installExtension();
  fs.mkdirSync(folder('user/User'), { recursive: true });
  fs.writeFileSync(folder('user/User/settings.json'), JSON.stringify(SETTINGS));
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
  const writer = new Writer(page);
  try {
    writer.seen.original = fs.readFileSync(story, 'utf8');
    await writer.ready();
    await writer.typeAndAccept();
    await writer.undoEverything();
    await writer.hover();
    await writer.rewrite('Writer: Rewrite as noir');
  } catch (error) {
    await writer.shot('failed');
    throw error;
  } finally {
    await browser.close();
  }
  return writer.seen;
}

console.log(JSON.stringify(await main()));
process.exit(0); // code-server is still up: whoever started this process ends its group
