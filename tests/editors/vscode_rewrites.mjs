// Rewrites: ordered in every way that there is, watched, taken in whole and in part, and refused.
import fs from 'node:fs';
import path from 'node:path';
import { parent, until, Writer } from './vscode_writer.mjs';

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

  progress(title) {
    return this.page.locator('.notification-toast', { hasText: title }).filter({ hasText: 'Cancel' }).first();
  }

  /** Change settings, and wait until they have arrived: the lens above the first chapter comes, or goes, with them. */
  async setAnd(values) {
    const lens = this.page.locator('.codelens-decoration').first();
    await this.goTo(1);
    await lens.waitFor();
    this.set({ ...values, 'lspWriter.codeLens.enabled': false });
    await lens.waitFor({ state: 'hidden' });
  }

  async clear() {
    await this.command('Notifications: Clear All Notifications');
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
      await this.clear();
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
    await this.clear();
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
    await this.chooseAVersion();
  }

  async cancel(title) {
    await this.progress(title).locator('.monaco-button', { hasText: 'Cancel' }).click();
    await this.progress(title).waitFor({ state: 'hidden', timeout: PATIENCE * 1000 });
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

  async chooseAVersion() {
    await this.setAnd({ 'lspWriter.rewrite.alternatives': 3 });
    await this.order('Expand scene', this.plan.last);
    await this.proposed('Expand scene (1 of');
    this.seen.versions = [await this.version()];
    await this.decide('Show the rewrite’s next version');
    await this.proposed('Expand scene (2 of');
    await until(async () => (await this.version()) !== this.seen.versions[0], 'the second version');
    this.seen.versions.push(await this.version());
    this.seen.heading = await this.page.locator('.tab.active', { hasText: 'Expand scene' }).innerText();
    await this.shot('rewrites-10-versions');
    this.seen.versionDecisions = await this.buttons('versions', 'Choose');
    await this.besideAnother();
    await this.decide('Accept the rewrite');
    await this.decided();
    this.seen.secondVersion = await this.changedFrom(this.seen.original);
    await this.undone();
  }

  /** A rewrite that has one version, while the diff of one that has several stays. */
  async besideAnother() {
    await this.proposal.click();
    await this.press('Control+k', 'Enter');
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    this.seen.nextVersions = [await this.nextVersion()];
    await this.decide('Discard the rewrite');
    await this.proposed('Expand scene (2 of');
    this.seen.nextVersions.push(await this.nextVersion());
    await this.shot('rewrites-11-beside-another');
  }

  /** Whether the title bar offers one. */
  async nextVersion() {
    await this.proposal.click();
    await this.page.locator('.editor-actions .action-label[aria-label^="Discard the rewrite"]').waitFor();
    return this.page.locator('.editor-actions .action-label[aria-label*="next version"]').isVisible();
  }

  /** What the diff shows of the new text. */
  async version() {
    return (await this.proposal.innerText()).replaceAll('\u00a0', ' ');
  }
}

/** With a model that says what it is to say when it is told to. */
class Holder extends Rewriter {
  get hold() {
    return path.join(this.plan.home, 'hold');
  }

  /** Order a rewrite that does not come before it is let go. */
  async orderHeld(line) {
    fs.writeFileSync(this.hold, '');
    await this.order('Rewrite as noir', line);
    await this.progress('Rewrite as noir').waitFor({ timeout: PATIENCE * 1000 });
    await this.says('busy', PATIENCE);
  }

  letGo() {
    fs.rmSync(this.hold);
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 20 });
  }

  /** Undo whatever was done to the manuscript. */
  async back() {
    await until(async () => {
      if ((await this.text()) === this.seen.original) return true;
      await this.press('Control+z');
    }, 'the manuscript as it was');
  }
}

/** The writer goes on while a rewrite is made, and while it waits. */
export class RewritesMeanwhile extends Holder {
  async play() {
    await this.typeElsewhere();
    await this.typeInPassage();
    await this.typeInPassageThatWaits();
    await this.ask();
    await this.atOnce();
  }

  async typeElsewhere() {
    await this.orderHeld(this.plan.told);
    await this.goTo(1);
    await this.press('End');
    await this.type('\n\nIt had rained');
    this.letGo();
    await this.proposed('Rewrite as noir');
    await this.type(' all day.');
    await this.shot('meanwhile-1-typed-elsewhere');
    this.seen.typed = await this.text();
    await this.answer('is ready', 'Accept');
    await this.decided();
    this.seen.followed = await this.changedFrom(this.seen.typed);
    this.seen.followedUndone = await this.undone();
    await this.back();
    await this.clear();
  }

  async typeInPassage() {
    await this.orderHeld(this.plan.told);
    await this.press('Control+ArrowRight');
    await this.type(' soon');
    this.letGo();
    await this.proposed('Rewrite as noir');
    await this.shot('meanwhile-2-changed-while-made');
    this.seen.changed = await this.text();
    await until(async () => (await this.page.locator('.notification-toast').count()) > 0, 'a message');
    this.seen.saidOfChanged = await this.page.locator('.notification-toast').allInnerTexts();
    await this.command('Writer: Accept the rewrite');
    await this.waitForMessage('kept', 'Put It in All the Same');
    await this.shot('meanwhile-3-kept');
    this.seen.kept = await this.text();
    this.seen.keptDecisions = await this.buttons('kept', 'Put It in All the Same');
    await this.answer('kept', 'Put It in All the Same');
    await this.decided();
    this.seen.allTheSame = await this.changedFrom(this.seen.changed);
    this.seen.allTheSameUndone = await this.undone();
    await this.back();
    await this.clear();
  }

  async typeInPassageThatWaits() {
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    await this.waitForMessage('is ready', 'Accept');
    await this.goTo(this.plan.british);
    await this.press('Control+ArrowRight');
    await this.type(' old');
    this.seen.changedWaiting = await this.text();
    await this.answer('is ready', 'Accept');
    await this.waitForMessage('kept', 'Put It in All the Same');
    await this.shot('meanwhile-4-kept');
    await this.clear();
    await this.decide('Accept the rewrite');
    await this.waitForMessage('kept', 'Put It in All the Same');
    this.seen.stillChanged = await this.text();
    await this.back();
    await this.command('Writer: Accept the rewrite');
    await this.decided();
    this.seen.changedBack = await this.changedFrom(this.seen.original);
    await this.back();
    await this.clear();
  }

  /** With `rewrite.confirm` off nobody is asked. */
  async atOnce() {
    await this.setAnd({ 'lspWriter.rewrite.confirm': false });
    await this.order('Use American spelling', this.plan.british);
    this.seen.atOnce = await this.changedFrom(this.seen.original);
    await this.progress('Use American spelling').waitFor({ state: 'hidden' });
    this.seen.diffsAtOnce = await this.diff.count();
    this.seen.messagesAtOnce = await this.page.locator('.notification-toast').allInnerTexts();
    this.seen.atOnceUndone = await this.undone();
  }

  /** An instruction that is typed, and the same from those before in a window that is opened anew. */
  async ask() {
    const answers = [() => this.type(this.plan.instruction), () => this.press('ArrowDown')];
    this.seen.before = [];
    this.seen.asked = [];
    for (const answer of answers) {
      await this.order('Ask for a rewrite …', this.plan.told);
      const input = this.page.locator('.quick-input-widget', { hasText: 'Ask for a rewrite' });
      await input.waitFor();
      if (this.seen.asked.length > 0) await this.rows.first().waitFor();
      this.seen.before.push(await this.rows.allInnerTexts());
      await answer();
      await this.shot(`meanwhile-5-ask-${this.seen.asked.length + 1}`);
      await this.press('Enter');
      await this.proposed('Ask for any change');
      await this.shot('meanwhile-6-asked');
      await this.answer('is ready', 'Accept');
      await this.decided();
      this.seen.asked.push(await this.changedFrom(this.seen.original));
      await this.undone();
      if (this.seen.asked.length === 1) {
        await this.page.reload();
        await this.statusItem.waitFor({ timeout: 60000 });
        await this.ready();
      }
    }
  }
}

/** What a rewrite is for goes away, or cannot be written. */
export class RewritesInTrouble extends Holder {
  async play() {
    await this.untitled();
    await this.readOnly();
    await this.closed();
    await this.reload();
    await this.killed();
    await this.changedInAnotherWindow();
    await this.removed();
    await this.removedWhileMade();
    await this.renamed();
  }

  /** A draft that nobody has saved. */
  async untitled() {
    await this.command('Writer: Open the sample story');
    await this.page.locator('.tab.active', { hasText: 'The Tide Clock' }).waitFor();
    await this.inManuscript();
    await this.press('Control+a');
    await this.type('The colour was grey.');
    await this.command('Writer: Use American spelling');
    await this.proposed('Use American spelling');
    await this.answer('is ready', 'Accept');
    await this.decided();
    const lines = this.page.locator('.editor-instance .view-lines').first();
    await until(async () => !(await lines.innerText()).includes('colour'), 'the draft to change');
    this.seen.untitled = (await lines.innerText()).replaceAll('\u00a0', ' ');
    await this.shot('trouble-1-untitled');
    await this.command('View: Revert and Close Editor');
    await this.page.locator('.tab.active', { hasText: 'story.md' }).waitFor();
    await this.clear();
    await this.page.locator('.editor-instance .view-lines').first().click();
  }

  async show(name) {
    await this.press('Control+p');
    await this.page.keyboard.type(name);
    await this.rows.filter({ hasText: name }).first().waitFor();
    await this.press('Enter');
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** VS Code would put an edit into it all the same: there is no rewrite on offer. */
  async readOnly() {
    await this.show('locked.md');
    await this.press('F1');
    await this.page.keyboard.type('Writer: Use American spelling');
    await this.rows.filter({ hasText: 'similar commands' }).first().waitFor();
    this.seen.insteadOfRewrites = await this.rows.allInnerTexts();
    await this.shot('trouble-2-locked');
    await this.press('Escape');
    await this.command('Writer: Menu');
    await this.rows.filter({ hasText: 'Rewrite …' }).click();
    const said = this.page.locator('.notification-toast', { hasText: 'read-only' });
    await said.waitFor();
    this.seen.saidOfReadOnly = await said.allInnerTexts();
    await this.shot('trouble-2-locked-menu');
    await this.clear();
    await this.press('Control+w');
    await this.page.locator('.tab.active', { hasText: 'story.md' }).waitFor();
  }

  async closed() {
    await this.orderHeld(this.plan.told);
    await this.press('Control+w');
    this.seen.saidOfClosed = await this.givenUp();
    await this.shot('trouble-3-closed');
    this.letGo();
    await this.show('story.md');
    this.seen.closed = this.disk;
    await this.clear();
  }

  async givenUp() {
    const message = this.page.locator('.notification-toast', { hasText: 'was given up' });
    await message.waitFor({ timeout: PATIENCE * 1000 });
    return message.allInnerTexts();
  }

  /** With a rewrite showing, of which the next server knows nothing. */
  async reload() {
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    await this.waitForMessage('is ready', 'Accept');
    await this.page.reload();
    await this.statusItem.waitFor({ timeout: PATIENCE * 1000 });
    await this.ready();
    this.seen.tabs = await this.page.locator('.tab').allInnerTexts();
    await this.shot('trouble-4-reloaded');
  }

  /** VS Code restores its tabs, but the next extension host knows nothing of the rewrite in one of them. */
  async killed() {
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    const before = this.starts.length;
    process.kill(parent(this.server), 'SIGKILL');
    await until(() => this.starts.length > before, 'a server after the extension host was killed', PATIENCE);
    await this.decided();
    await this.ready();
    await this.shot('trouble-5-killed');
    await this.clear();
  }

  /** By another program: what is in the editor is all that there is of it. */
  async removed() {
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    fs.rmSync(this.plan.story);
    await this.page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'story.md' })
      .waitFor({ state: 'hidden' });
    await this.shot('trouble-7-removed');
    await this.answer('is ready', 'Accept');
    await this.decided();
    await this.page.locator('.tab.dirty', { hasText: 'story.md' }).waitFor();
    this.seen.removed = await this.text();
    await this.undone();
    await this.clear();
  }

  async removedWhileMade() {
    await this.orderHeld(this.plan.told);
    fs.rmSync(this.plan.story);
    await this.page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'story.md' })
      .waitFor({ state: 'hidden' });
    this.letGo();
    await this.proposed('Rewrite as noir');
    await this.answer('is ready', 'Accept');
    await this.decided();
    await this.page.locator('.tab.dirty', { hasText: 'story.md' }).waitFor();
    this.seen.removedWhileMade = await this.text();
    await this.undone();
    await this.clear();
  }

  /** Where it is saved, so that the passage changes here as well. */
  async changedInAnotherWindow() {
    await this.order('Use American spelling', this.plan.british);
    await this.proposed('Use American spelling');
    await this.waitForMessage('is ready', 'Accept');
    const page = await this.open();
    const other = new Rewriter(page, this.plan);
    await other.ready();
    await other.goTo(this.plan.british);
    await other.press('Control+ArrowRight');
    await page.keyboard.type(' old', { delay: 20 });
    await other.text();
    await page.close({ runBeforeUnload: true });
    await this.page.bringToFront();
    const lines = this.page.locator('.editor-instance .view-lines').first();
    await until(async () => /old.colour/.test(await lines.innerText()), 'the change to arrive here');
    await this.answer('is ready', 'Accept');
    await this.waitForMessage('kept', 'Put It in All the Same');
    await this.shot('trouble-6-two-windows');
    this.seen.changedInAnotherWindow = await this.text();
    await this.command('Writer: Discard the rewrite');
    await this.decided();
    await this.back();
    await this.clear();
  }

  async renamed() {
    await this.orderHeld(this.plan.told);
    await this.command('File: Reveal Active File in Explorer View');
    await this.press('F2');
    await this.page.locator('.explorer-item-edited input').waitFor();
    await this.page.keyboard.type('tale');
    await this.press('Enter');
    await this.page.locator('.tab.active', { hasText: 'tale.md' }).waitFor();
    this.seen.saidOfRenamed = await this.givenUp();
    await this.shot('trouble-8-renamed');
    this.letGo();
    await this.says('ready', PATIENCE);
    this.seen.renamed = fs.readFileSync(this.plan.story.replace('story.md', 'tale.md'), 'utf8');
  }
}
