// What a writer does and sees in the one open editor of VS Code.
import fs from 'node:fs';
import path from 'node:path';

export async function until(condition, what, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The process that has started this one. */
export function parent(process) {
  return Number(
    fs
      .readFileSync(`/proc/${process}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[1],
  );
}

/** Whether a locator is seen within a few seconds. */
const comes = (locator) =>
  locator.waitFor({ timeout: 5000 }).then(
    () => true,
    () => false,
  );

export class Writer {
  seen = {};

  /** `open` opens another window on the story, and answers with its page. */
  constructor(page, plan, open) {
    this.page = page;
    this.plan = plan;
    this.open = open;
  }

  /** The processes that `lsp-writer` was started as, in their order. */
  get starts() {
    const file = path.join(this.plan.home, 'starts');
    return fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
  }

  get server() {
    return this.starts.at(-1);
  }

  async shot(name) {
    await this.page.screenshot({ path: path.join(this.plan.shots, `vscode-${name}.png`), animations: 'disabled' });
  }

  async press(...keys) {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** The manuscript, as it is when it is saved now. */
  async text() {
    await this.press('Control+s');
    await this.page.locator('.tab.active:not(.dirty)').first().waitFor({ timeout: 10000 });
    return fs.readFileSync(this.plan.story, 'utf8');
  }

  async ready() {
    await this.says('ready', 60);
  }

  get statusItem() {
    return this.page.locator('.statusbar-item[id*="lspWriter.status"]');
  }

  /** Wait for a word in the status bar. It may take a while until the extension runs. */
  async says(state, seconds) {
    const label = () => this.statusItem.getAttribute('aria-label', { timeout: 1000 }).catch(() => '');
    await until(async () => (await label())?.includes(state), `the status “${state}”`, seconds);
  }

  get ghost() {
    return this.page.locator('.ghost-text-decoration');
  }

  /** Wait for just this ghost text. */
  async ghostText(text) {
    const shown = async () => (await this.ghost.allInnerTexts()).join('').replaceAll('\u00a0', ' ');
    await until(async () => (await shown()) === text, `the ghost text “${text}”`, 10);
  }

  /** The message with this text and a button of this name. */
  notification(text, button) {
    const has = this.page.locator('.monaco-button', { hasText: button });
    return this.page.locator('.notification-toast', { hasText: text, has }).first();
  }

  /** Change settings of the writer's for this computer, which is where a remote workbench keeps most of ours. */
  set(values) {
    const file = path.join(this.plan.home, 'user', 'Machine', 'settings.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    const before = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
    fs.writeFileSync(file, JSON.stringify({ ...before, ...values }));
  }

  async command(title) {
    const palette = this.page.locator('.quick-input-widget input[type="text"]');
    const rows = this.page.locator('.quick-input-list .monaco-list-row', { hasText: title });
    // A tab that takes the focus when it has loaded closes the palette; a writer opens it again.
    await until(async () => {
      await this.press('F1');
      if (!(await comes(palette))) return false;
      await this.page.keyboard.type(title);
      return comes(rows.first());
    }, `“${title}” in the palette`);
    // Others that hold what was typed may stand before the one that begins with it.
    const named = rows.and(this.page.locator(`[aria-label^="${title}"]`));
    const row = ((await named.count()) > 0 ? named : rows).first();
    const above = Number(await row.getAttribute('data-index'));
    await this.press(...Array(above).fill('ArrowDown'), 'Enter');
  }
}
