// Critiques: marks in the text, what the hover says, and what the lightbulb offers. The story has slips.
import { until, Writer } from './vscode_writer.mjs';

export class Critique extends Writer {
  async play() {
    await this.marks(2);
    await this.shot('critique-1-marked');
    await this.menu();
    await this.mend(/^Replace “recieved”/);
    await this.marks(1);
    this.seen.mended = await this.text();
    await this.goTo('untill');
    await this.mend(/to your dictionary/);
    await this.marks(0);
    this.seen.silenced = await this.text();
    await this.shot('critique-3-silenced');
  }

  /** Wait until so many places are marked. */
  async marks(count) {
    const marked = this.page.locator('.editor-instance .squiggly-hint, .editor-instance .squiggly-info');
    await until(async () => (await marked.count()) === count, `${count} marks`, 60);
  }

  async goTo(word) {
    await this.press('Control+f');
    await this.page.keyboard.type(word);
    await this.page.locator('.find-widget.visible .matchesCount', { hasText: /1 of/ }).waitFor();
    await this.press('Escape');
  }

  get actions() {
    return this.page.locator('.action-widget .monaco-list-row.action');
  }

  async openActions() {
    await this.press('Control+.');
    await this.actions.first().waitFor({ timeout: 10000 });
  }

  async menu() {
    await this.goTo('recieved');
    await this.openActions();
    this.seen.actions = await this.actions.allInnerTexts();
    await this.shot('critique-2-actions');
    await this.press('Escape');
  }

  async mend(title) {
    await this.openActions();
    await this.actions.filter({ hasText: title }).first().click();
  }
}
