// Rewrites: ordered in every way that there is, watched, taken in whole and in part, and refused.
import fs from 'node:fs';
import { until, Writer } from './vscode_writer.mjs';

// A rewrite takes its time where other programs are at work.
const PATIENCE = 120;

class Rewriter extends Writer {
  get diff() {
    return this.page.locator('.monaco-diff-editor');
  }

  get proposal() {
    return this.diff.locator('.editor.modified .view-lines.monaco-mouse-cursor-text:not(.line-delete)');
  }

  get rows() {
    return this.page.locator('.quick-input-list .monaco-list-row');
  }

  get disk() {
    return fs.readFileSync(this.plan.story, 'utf8');
  }

  /** Put the caret into the manuscript, at the beginning of a line; the first is 1. */
  async goTo(line) {
    await this.press('Control+1', 'Control+g');
    await this.page.locator('.quick-input-widget input').waitFor();
    await this.page.keyboard.type(String(line));
    await this.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await this.inManuscript();
  }

  /** Wait until keys go into the manuscript. */
  async inManuscript() {
    await until(
      () => this.page.evaluate(() => !!document.activeElement?.closest('.editor-instance, .monaco-editor')),
      'the manuscript',
    );
  }

  async order(title, line) {
    await this.goTo(line);
    await this.command(`Writer: ${title}`);
  }

  /** Wait until a rewrite is shown, and the diff is worked out. */
  async proposed(heading) {
    await this.page.locator('.tab.active', { hasText: heading }).waitFor({ timeout: PATIENCE * 1000 });
    await this.diff.locator('.char-insert, .char-delete, .line-insert, .line-delete').first().waitFor();
  }

  /** Wait until no rewrite is shown. */
  async decided() {
    await this.diff.waitFor({ state: 'hidden' });
  }

  /** A message with this text and button, which may have gone into the list of messages by now. */
  message(text, button) {
    const has = this.page.locator('.monaco-button', { hasText: button });
    return this.page.locator('.notification-list-item:visible', { hasText: text, has }).first();
  }

  async waitForMessage(text, button) {
    const message = this.message(text, button);
    await until(
      async () => {
        if (await message.isVisible()) return true;
        await message.waitFor({ timeout: 3000 }).catch(() => this.press('Control+k', 'Control+Shift+n'));
        return message.isVisible();
      },
      `the message “${text}” with “${button}”`,
      PATIENCE,
    );
    return message;
  }

  async buttons(text, button) {
    const message = await this.waitForMessage(text, button);
    return message.locator('.notification-list-item-buttons-container .monaco-button').allInnerTexts();
  }

  async answer(text, button) {
    const message = await this.waitForMessage(text, button);
    await message.locator('.monaco-button', { hasText: button }).first().click();
  }

  /** By a button in the title bar of the diff, which VS Code shows where the writer is. */
  async decide(title) {
    await this.proposal.click();
    await this.page
      .locator(`.editor-group-container.active .editor-actions .action-label[aria-label^="${title}"]`)
      .click();
  }

  /** The manuscript, as soon as it is saved and is not `before` any more. */
  changedFrom(before) {
    return until(async () => {
      const text = await this.text();
      return text !== before && text;
    }, 'a change of the manuscript');
  }

  async text() {
    await this.press('Control+1', 'Control+s');
    await until(async () => (await this.page.locator('.tab.dirty').count()) === 0, 'the file to be saved');
    return until(() => this.disk, 'the file, which is empty for a moment as it is saved');
  }

  /** One undo, and what the manuscript is then. */
  async undone() {
    const before = this.disk;
    await this.press('Control+1', 'Control+z');
    return this.changedFrom(before);
  }

  /** Leave one of the changes out by the mouse, and take the others. */
  async untick(number) {
    await this.rows.nth(number).waitFor();
    const changes = await this.rows.allInnerTexts();
    await this.rows.nth(number).locator('.label-name').first().click();
    await this.page.locator('.quick-input-widget .monaco-button', { hasText: 'OK' }).click();
    return changes;
  }

  /** The headings of the rows that are on the screen. */
  async headings() {
    const shown = await this.rows.locator('.quick-input-list-separator:visible').allInnerTexts();
    return shown.map((heading) => heading.trim()).filter(Boolean);
  }
}

/** Every way to order one and to decide about it. */
export class Rewrites extends Rewriter {
  async play() {
    await this.lightBulb();
    await this.quickPick();
    await this.titleBar();
    await this.refuse();
    await this.keyboardAlone();
  }

  async lightBulb() {
    await this.goTo(this.plan.wordy);
    const focused = this.page.locator('.action-widget .monaco-list-row.focused');
    await until(async () => {
      await this.press('Control+.');
      return focused.waitFor({ timeout: 3000 }).then(
        () => true,
        () => false,
      );
    }, 'the light bulb’s menu');
    await this.page.keyboard.type('Condense');
    await focused.filter({ hasText: 'Condense' }).waitFor();
    await this.shot('rewrites-1-light-bulb');
    await this.press('Enter');
    await this.proposed('Condense');
    this.seen.unchanged = await this.text();
    await this.shot('rewrites-2-diff');
    this.seen.decisions = await this.buttons('is ready', 'Accept');
    await this.answer('is ready', 'Accept');
    await this.decided();
    this.seen.accepted = await this.changedFrom(this.seen.original);
    this.seen.undone = await this.undone();
  }

  async quickPick() {
    await this.order('Rewrite …', this.plan.wordy);
    await this.rows.first().waitFor();
    this.seen.headings = await this.headings();
    await this.shot('rewrites-3-catalogue');
    await this.page.keyboard.type('conden');
    await until(async () => /^Condense/.test(await this.rows.first().innerText()), 'Condense to be first');
    await this.press('Enter');
    await this.proposed('Condense');
    await this.answer('is ready', 'Accept Some');
    await this.rows.first().waitFor();
    await this.shot('rewrites-5-some');
    this.seen.changes = await this.untick(0);
    await this.decided();
    this.seen.some = await this.changedFrom(this.seen.original);
    this.seen.someUndone = await this.undone();
  }

  async titleBar() {
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    await this.proposal.click();
    await this.shot('rewrites-6-title-bar');
    await this.decide('Accept some of the rewrite');
    await this.untick(1);
    await this.decided();
    this.seen.someByTitleBar = await this.changedFrom(this.seen.original);
    await this.undone();
  }

  /** Try again and discard, by the message and by the title bar. The model takes long enough for the old diff to be seen to go. */
  async refuse() {
    for (const [retry, discard] of [
      [() => this.answer('is ready', 'Try Again'), () => this.answer('is ready', 'Discard')],
      [() => this.decide('Try the rewrite again'), () => this.decide('Discard the rewrite')],
    ]) {
      await this.command('Notifications: Clear All Notifications');
      await this.order('Expand scene', this.plan.last);
      await this.proposed('Expand scene');
      await this.waitForMessage('is ready', 'Try Again');
      await retry();
      await this.decided();
      await this.proposed('Expand scene');
      await discard();
      await this.decided();
    }
    this.seen.refused = await this.text();
  }

  /** Not a click from the order to the text. */
  async keyboardAlone() {
    await this.command('Notifications: Clear All Notifications');
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    await this.command('Writer: Accept some of the rewrite …');
    await this.rows.nth(2).waitFor();
    await this.press('ArrowDown', 'Space');
    await this.shot('rewrites-7-keyboard');
    await this.press('Enter');
    await this.decided();
    this.seen.someByKeyboard = await this.changedFrom(this.seen.original);
    await this.undone();
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    await this.waitForMessage('is ready', 'Accept');
    await this.command('Notifications: Accept Notification Primary Action');
    await this.decided();
    this.seen.allByKeyboard = await this.changedFrom(this.seen.original);
    await this.undone();
  }
}

/** A rewrite is watched as it is made, and cancelled: before there is anything of it, and half-way. */
export class RewritesUnderWay extends Rewriter {
  async play() {
    await this.giveUp();
    await this.stopHalfWay();
  }

  progress(title) {
    return this.page.locator('.notification-toast', { hasText: title }).filter({ hasText: 'Cancel' }).first();
  }

  async cancel(title) {
    await this.progress(title).locator('.monaco-button', { hasText: 'Cancel' }).click();
    await this.progress(title).waitFor({ state: 'hidden', timeout: PATIENCE * 1000 });
  }

  async clear() {
    await this.command('Notifications: Clear All Notifications');
  }

  async giveUp() {
    await this.order('Rewrite as noir', this.plan.wordy);
    await this.progress('Rewrite as noir').waitFor();
    await this.cancel('Rewrite as noir');
    await this.says('ready', PATIENCE);
    this.seen.givenUp = await this.text();
    this.seen.messagesAfterGivingUp = await this.page.locator('.notification-toast').allInnerTexts();
  }

  async stopHalfWay() {
    await this.order('Expand scene', this.plan.wordy);
    const progress = this.progress('Expand scene');
    // The beginning of its third sentence: the one that was added by then is finished.
    await until(async () => (await progress.innerText()).includes('She began to read'), 'the text to grow', PATIENCE);
    this.seen.growing = await progress.innerText();
    await this.shot('rewrites-8-growing');
    await this.cancel('Expand scene');
    this.seen.stopped = await this.text();
    await this.waitForMessage('A part of it is finished', 'Go On');
    await this.shot('rewrites-9-stopped');
    this.seen.stoppedDecisions = await this.buttons('A part of it is finished', 'Go On');
    await this.answer('A part of it is finished', 'Go On');
    await this.answer('is ready', 'Accept');
    await this.decided();
    this.seen.wentOn = await this.changedFrom(this.seen.original);
    await this.undone();
    await this.clear();
  }
}
