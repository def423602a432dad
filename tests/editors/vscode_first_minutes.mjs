// The first minutes: typing, accepting, a critique, a rewrite.
import fs from 'node:fs';
import { until, Writer } from './vscode_writer.mjs';

export class FirstMinutes extends Writer {
  async play() {
    await this.typeAndAccept();
    await this.undoEverything();
    await this.hover();
    await this.rewrite('Expand scene');
  }

  async typeAndAccept() {
    await this.press('Control+End', 'Enter');
    const ghost = this.page.locator('.ghost-text-decoration').first();
    const menu = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    // VS Code opens no menu for a letter that is typed while it waits for the menu of the space before it.
    await this.page.keyboard.type(this.plan.typed.slice(0, -1), { delay: 40 });
    await ghost.waitFor({ timeout: 30000 });
    await this.page.keyboard.type(this.plan.typed.slice(-1));
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
    }, this.plan.hoverOver);
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

  async rewrite(title) {
    await this.press('Control+Home');
    for (let line = 0; line < this.plan.passageLine; line += 1) await this.press('ArrowDown');
    await this.command(`Writer: ${title}`);
    const progress = this.notification(title, 'Cancel');
    await progress.waitFor({ timeout: 10000 });
    this.seen.buttons = await progress.locator('.monaco-button').allInnerTexts();
    await this.shot('4-rewriting');
    const question = this.notification('is ready', 'Accept');
    await question.waitFor({ timeout: 120000 });
    await this.page.locator('.monaco-diff-editor .view-line').first().waitFor();
    await this.page.waitForTimeout(1000); // the diff is worked out
    this.seen.unchanged = fs.readFileSync(this.plan.story, 'utf8');
    this.seen.decisions = await question.locator('.monaco-button').allInnerTexts();
    await this.shot('4-proposed');
    await question.locator('.monaco-button', { hasText: 'Accept' }).first().click();
    await this.page.locator('.tab.active.dirty').waitFor({ timeout: 10000 });
    await this.page.locator('.monaco-diff-editor').waitFor({ state: 'hidden' });
    await this.shot('5-rewritten');
    this.seen.rewritten = await this.text();
    await this.press('Control+z');
    this.seen.rewriteUndone = await this.text();
    await this.shot('6-undone');
  }
}
