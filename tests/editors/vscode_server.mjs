// The server's life and death: it crashes, is missing, is something else, and goes when its window goes.
import fs from 'node:fs';
import path from 'node:path';
import { parent, until, Writer } from './vscode_writer.mjs';

class Keeper extends Writer {
  /** Put one of the offered programs on the path, as `lsp-writer`. */
  install(name) {
    const program = path.join(this.plan.home, 'bin', 'lsp-writer');
    fs.rmSync(program, { force: true });
    fs.copyFileSync(path.join(this.plan.home, 'programs', name), program);
  }

  /** Put it there and have it started. */
  async restartAs(name) {
    await this.clear();
    this.install(name);
    const before = this.starts.length;
    await this.command('Writer: Restart');
    await until(() => this.starts.length > before, `a start of ${name}`, 60);
  }

  /** Until a server has started anew, and is ready. Of the one before, the status says so for a moment still. */
  async readyAgain(before, what) {
    await until(() => this.starts.length > before, what, 60);
    await this.says('loading');
    await this.says('ready');
  }

  async says(state, seconds = 60) {
    await super.says(state, seconds);
  }

  async end(processes, what) {
    await until(() => !processes.some(isRunning), `the end of ${what}`, 30);
  }

  /** All messages that are shown, each as its words and its buttons. */
  async messages() {
    const found = [];
    for (const item of await this.page.locator('.notification-toast').all()) {
      const words = await item.locator('.notification-list-item-message').innerText();
      found.push([words, ...(await item.locator('.monaco-button').allInnerTexts())]);
    }
    return found;
  }

  /** Wait until there is a message, and answer with all that there are a while later. */
  async messagesWith(text) {
    await this.page.locator('.notification-toast', { hasText: text }).first().waitFor({ timeout: 90000 });
    await this.page.waitForTimeout(1500);
    return this.messages();
  }

  async clear() {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notification-toast').first().waitFor({ state: 'hidden' });
    await this.focus();
  }

  async answer(text, button) {
    await this.notification(text, button).locator('.monaco-button', { hasText: button }).first().click();
  }

  async focus() {
    await this.page.locator('.editor-instance .view-lines').first().click();
    await this.press('Control+End');
  }

  /** Type in a paragraph of its own, and wait for ghost text. */
  async write(text = this.plan.typed) {
    await this.focus();
    await this.press('Enter', 'Enter');
    await this.page.keyboard.type(text, { delay: 40 });
    await this.ghost.first().waitFor({ timeout: 60000 });
  }

  /** Half a word left standing would teach the model to leave off there. */
  async take() {
    await this.press('Tab');
    await this.ghost.first().waitFor({ state: 'hidden' });
  }

  async writeAndTake() {
    await this.write();
    await this.take();
  }
}

function isRunning(process) {
  try {
    const state = fs.readFileSync(`/proc/${process}/stat`, 'utf8').replace(/^.*\) /s, '')[0];
    return state !== 'Z';
  } catch {
    return false;
  }
}

/** A process and all that it has started. */
function family(process) {
  const all = fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(isRunning);
  const children = all.filter((each) => {
    try {
      return parent(each) === process;
    } catch {
      return false;
    }
  });
  return [process, ...children.flatMap(family)];
}

/** With the real model: killed, set otherwise, in two windows, and left behind. */
export class ServerLife extends Keeper {
  async play() {
    await this.crash();
    await this.crashWhileChoosing();
    await this.changeSettings();
    await this.reload();
    await this.twoWindows();
    await this.doctorAndLog();
    await this.killExtensionHost();
    await this.killEditor();
  }

  async crash() {
    await this.write();
    await this.press('Escape');
    const old = family(this.server);
    this.seen.processes = old.length;
    process.kill(this.server, 'SIGKILL');
    await this.page.keyboard.type(this.plan.meanwhile);
    await this.readyAgain(1, 'the second start');
    await this.page.keyboard.type(this.plan.after, { delay: 40 });
    await this.ghost.first().waitFor({ timeout: 60000 });
    await this.shot('server-after-a-crash');
    this.seen.afterCrash = await this.text();
    await this.take();
    this.seen.crashMessages = await this.messages();
    await this.end(old, 'what the crashed server had started');
  }

  /**
   * What is to be chosen is closed, for nobody is there to take the answer. A dialog said “Pending response rejected
   * since connection got disposed”.
   */
  async crashWhileChoosing() {
    const list = this.page.locator('.quick-input-widget:visible .monaco-list-row');
    for (const [command, row] of [
      ['Writer: Rewrite …', 'Condense'],
      ['Writer: Menu', 'Pause suggestions'],
    ]) {
      let before = this.starts.length;
      await this.command('Writer: Restart'); // as if there had been no crash before
      await this.readyAgain(before, 'a server that was restarted');
      await this.focus();
      await this.command(command);
      await list.filter({ hasText: row }).first().waitFor();
      await this.shot('server-crashes-while-choosing');
      before = this.starts.length;
      process.kill(this.server, 'SIGKILL');
      await list.first().waitFor({ state: 'hidden' });
      await this.readyAgain(before, 'a server after it crashed');
    }
    this.seen.messagesAfterChoosing = await this.messages();
  }

  /** They arrive when the window has long been open. */
  async changeSettings() {
    this.set({ 'lspWriter.ghostText.mode': 'off' });
    await this.focus();
    await this.press('Enter', 'Enter');
    await this.page.keyboard.type(this.plan.typed, { delay: 40 });
    await this.typeUntil(() => this.label().then((label) => label.includes(this.plan.off)), this.plan.off);
    this.seen.off = await this.ghost.allInnerTexts();
    this.set({ 'lspWriter.ghostText.mode': 'automatic' });
    await this.typeUntil(async () => (await this.ghost.count()) > 0, 'ghost text once more');
    await this.take();
    const old = family(this.server);
    const before = this.starts.length;
    this.set({ 'lspWriter.threads': 1 });
    await this.end(old, 'the server with the old settings');
    await this.readyAgain(before, 'a server with the new settings');
    await this.writeAndTake();
    this.seen.startsForASetting = this.starts.length - before;
    await this.text();
  }

  /** Nothing is asked for but at a key. */
  async typeUntil(condition, what) {
    await until(async () => {
      await this.page.keyboard.type('ead. She shook her h', { delay: 40 });
      await this.page.waitForTimeout(1500);
      return condition();
    }, what);
  }

  label() {
    return this.statusItem.getAttribute('aria-label');
  }

  async doctorAndLog() {
    await this.command('Writer: Doctor');
    const terminal = this.page.locator('.terminal-wrapper.active .xterm-rows');
    await until(async () => (await terminal.innerText().catch(() => '')).includes('Neovim'), 'the doctor’s table', 60);
    this.seen.doctor = (await terminal.innerText()).replaceAll('\u00a0', ' ');
    await this.shot('server-doctor');
    await this.command('Writer: Show the log');
    await this.page.locator('.panel .action-item.checked', { hasText: 'Output' }).waitFor();
    await this.shot('server-log');
    await this.press('Control+j');
  }

  async reload() {
    const old = family(this.server);
    const before = this.starts.length;
    await this.page.reload();
    await this.end(old, 'the server of the window that was reloaded');
    await until(() => this.starts.length > before, 'a server for the window that was reloaded', 60);
    await this.ready();
    await this.writeAndTake();
    await this.text();
  }

  async twoWindows() {
    const first = this.server;
    const page = await this.open();
    const other = new Keeper(page, this.plan);
    await until(() => this.server !== first, 'the second window’s server', 60);
    await other.ready();
    await other.writeAndTake();
    const second = family(this.server);
    this.seen.bothRun = isRunning(first) && isRunning(second[0]);
    await other.shot('server-second-window');
    await other.text();
    await page.close({ runBeforeUnload: true });
    await this.end(second, 'the server of the window that was closed');
    await this.page.bringToFront();
    await this.writeAndTake();
    this.seen.firstRuns = isRunning(first);
    this.current = first;
    await this.text();
  }

  async killExtensionHost() {
    const old = family(this.current);
    process.kill(parent(this.current), 'SIGKILL');
    await this.end(old, 'the server of an extension host that was killed');
  }

  async killEditor() {
    const before = this.starts.length;
    await this.page.reload();
    await until(() => this.starts.length > before, 'a server after the extension host was killed', 60);
    await this.ready();
    await this.writeAndTake();
    const old = family(this.server);
    const editor = ancestors(this.server);
    this.seen.ancestors = editor.length;
    for (const each of editor) process.kill(each, 'SIGKILL');
    await this.end(old, 'the server of an editor that was killed');
  }
}

/** All that a process is below of, up to this one. */
function ancestors(of) {
  const found = [];
  for (let each = parent(of); each !== process.pid && each > 1; each = parent(each)) found.push(each);
  return found;
}

/** What is started as the server is no server, or none that lives. The good one's model always says the same. */
export class BrokenServers extends Keeper {
  /** There is no server at first. */
  async ready() {}

  async play() {
    await this.missing();
    const other = await this.hang();
    await this.endAtOnce();
    await this.endAlways();
    for (const name of ['endless', 'silent', 'banner']) await this.talkRubbish(name);
    await this.warn();
    for (const name of ['older', 'another']) await this.answerAsAnother(name);
    await other();
    await this.beNowhere();
  }

  async missing() {
    this.seen.missing = await this.messagesWith('was not found');
    await this.shot('server-missing');
    await this.clear();
    await this.command('Writer: Rewrite as noir');
    this.seen.missingForARewrite = await this.messagesWith('was not found');
    this.seen.unchanged = await this.text();
    await this.mend('was not found');
  }

  /** Have the good server started by the button of a message. */
  async mend(text) {
    this.install('good');
    await this.answer(text, 'Try Again');
    await super.ready();
    await this.usable();
  }

  async usable() {
    await this.write();
    await this.ghostText(this.plan.whole);
    await this.press('Escape');
  }

  /** In a window of its own: the limit is a minute, in which the others have their turn. */
  async hang() {
    this.install('hanging');
    const before = this.starts.length;
    const page = await this.open();
    await until(() => this.starts.length > before, 'a start in the other window', 60);
    const hanging = this.server;
    await this.page.bringToFront();
    return async () => {
      await page.bringToFront();
      const other = new Keeper(page, this.plan);
      this.seen.hanging = await other.messagesWith('did not start');
      await other.shot('server-hanging');
      await this.end([hanging], 'the server that hung');
      await page.close({ runBeforeUnload: true });
      await this.page.bringToFront();
    };
  }

  async endAtOnce() {
    await this.restartAs('endsAtOnce');
    this.seen.endsAtOnce = await this.messagesWith('did not start');
    await this.shot('server-ends-at-once');
  }

  async endAlways() {
    const before = this.starts.length;
    await this.restartAs('endsAlways');
    this.seen.endsAlways = await this.messagesWith('ended by itself');
    await this.shot('server-ends-always');
    await this.page.waitForTimeout(3000);
    this.seen.startsOfEndsAlways = this.starts.length - before;
    await this.mend('ended by itself');
  }

  async talkRubbish(name) {
    await this.restartAs(name);
    this.seen[name] = await this.messagesWith('did not start');
    await this.shot(`server-${name}`);
    await this.end([this.server], name);
  }

  /** Something is printed among its answers. It said “ready”, and not one of those after it came through. */
  async warn() {
    await this.restartAs('warns');
    await this.says('ready'); // it had failed before
    const before = this.starts.length;
    fs.writeFileSync(path.join(this.plan.home, 'warn'), '');
    await this.readyAgain(before, 'a server in place of one that cannot be understood');
    await this.usable();
  }

  async answerAsAnother(name) {
    await this.restartAs(name);
    this.seen[name] = await this.messagesWith('is needed');
    await this.shot(`server-${name}`);
    await super.ready();
    await this.usable();
  }

  async beNowhere() {
    await this.clear();
    this.install('good');
    this.set({ 'lspWriter.command': ['/nowhere/lsp-writer'] });
    this.seen.nowhere = await this.messagesWith('was not found');
    await this.shot('server-nowhere');
    this.set({ 'lspWriter.command': [] });
    await super.ready();
    await this.usable();
  }
}

/** A folder that brings a rewrite and a server, and that the writer does not trust, and then does. */
export class Workspace extends Keeper {
  async play() {
    this.seen.messages = await this.messages();
    await this.shot('server-untrusted');
    this.seen.untrusted = await this.offered();
    await this.write();
    await this.ghostText(this.plan.whole);
    await this.press('Escape');
    await this.text();
    await this.clear();
    const before = this.starts.length;
    await this.command('Workspaces: Manage Workspace Trust');
    await this.page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
    await this.readyAgain(before, 'a server that is told of the trust');
    await this.press('Control+w');
    await this.focus();
    this.seen.trusted = await this.offered();
    await this.shot('server-trusted');
    this.seen.messagesAfter = await this.messages();
    this.seen.starts = this.starts.length - before;
  }

  /** What is on offer under “shanty”. */
  async offered() {
    await this.command('Writer: Rewrite …');
    await this.page.locator('.quick-input-widget', { hasText: 'Rewrite' }).waitFor();
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await until(async () => (await rows.count()) > 3, 'the catalogue');
    await this.page.keyboard.type('shanty');
    await this.page.waitForTimeout(500);
    const found = await rows.allInnerTexts();
    await this.press('Escape');
    return found;
  }
}

/** The real server, and no model. */
export class ModelMissing extends Keeper {
  async ready() {
    await this.says('failed');
  }

  async play() {
    this.seen.offer = await this.messagesWith(/model/i);
    await this.shot('server-no-model');
    await this.make();
    await this.command('Writer: Menu');
    const rows = this.page.locator('.quick-input-list .monaco-list-row');
    await rows.filter({ hasText: 'Model …' }).click();
    await rows.filter({ hasText: 'to be made' }).waitFor();
    await this.shot('server-no-model-among-the-models');
    await this.press('Enter');
    this.seen.offerInMenu = await this.messagesWith(/model/i);
    await this.command('Writer: Restart');
    this.seen.offerAgain = await this.messagesWith(/model/i);
  }

  async make() {
    const server = family(this.server);
    await this.answer('', 'Make the Model');
    const progress = this.notification('Making the model', 'Cancel');
    await progress.waitFor({ timeout: 30000 });
    const added = () => family(this.server).filter((each) => !server.includes(each));
    await until(() => added().length > 0, 'the export', 30);
    await until(async () => /Making the model: ./.test(await progress.innerText()), 'what the export says', 120);
    await this.shot('server-making-the-model');
    const exporting = added();
    await progress.locator('.monaco-button', { hasText: 'Cancel' }).click();
    await this.end(exporting, 'the export');
    await this.says('failed');
    this.seen.left = fs.readdirSync(this.plan.data, { recursive: true }).filter((each) => /onnx|weights/.test(each));
  }
}
