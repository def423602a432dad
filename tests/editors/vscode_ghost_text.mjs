// Ghost text: it grows, is turned over, taken in parts, and kept away. The server's model always says the same.
import { Writer } from './vscode_writer.mjs';

export class GhostText extends Writer {
  async play() {
    await this.watchItGrow();
    await this.turnThemOver();
    await this.acceptParts();
    await this.select();
    await this.pause();
  }

  /** Every ghost text that a frame of the screen shows from here on. */
  async film() {
    await this.page.evaluate(() => {
      window.film = [];
      const frame = () => {
        const spans = [...document.querySelectorAll('.ghost-text-decoration')];
        const shown = spans
          .map((span) => span.textContent)
          .join('')
          .replaceAll('\u00a0', ' ');
        if (window.film.at(-1) !== shown) window.film.push(shown);
        requestAnimationFrame(frame);
      };
      frame();
    });
  }

  async watchItGrow() {
    await this.press('Control+End', 'Enter');
    await this.page.keyboard.type(this.plan.typed.slice(0, -1), { delay: 40 });
    await this.page.waitForTimeout(1000);
    await this.film();
    await this.page.keyboard.type(this.plan.typed.slice(-1));
    await this.ghostText(this.plan.whole);
    await this.page.waitForTimeout(500);
    this.seen.film = await this.page.evaluate(() => window.film);
    this.seen.notices = await this.page.locator('.notification-toast').allInnerTexts();
    await this.shot('grown');
  }

  async turnThemOver() {
    const turns = [
      ['BracketRight', 'iron'],
      ['BracketRight', 'old'],
      ['BracketLeft', 'iron'],
    ];
    for (const [key, word] of turns) {
      await this.press(`Alt+${key}`);
      await this.ghostText(this.plan.whole.replace('harbour', word));
    }
    await this.shot('turned');
    await this.press('Alt+BracketLeft');
    await this.ghostText(this.plan.whole);
  }

  async acceptParts() {
    await this.press('Control+ArrowRight', 'Control+ArrowRight'); // to VS Code a space is a word
    await this.ghostText(this.plan.whole.replace(' harbour', ''));
    this.seen.word = await this.text();
    await this.press('Alt+Enter');
    await this.ghostText(' Nobody was aboard.');
    await this.shot('sentence');
    this.seen.sentence = await this.text();
    await this.press('Control+z');
    this.seen.sentenceUndone = await this.text();
  }

  async select() {
    await this.press('Control+End');
    await this.page.keyboard.type(` ${this.plan.typed}`, { delay: 40 });
    await this.ghostText(this.plan.whole);
    await this.press('Shift+ArrowLeft', 'Shift+ArrowLeft', 'Shift+ArrowRight');
    await this.command('Trigger Inline Suggestion');
    await this.page.waitForTimeout(1500);
    this.seen.selected = await this.ghost.allInnerTexts();
    await this.press('End');
  }

  async pause() {
    await this.command('Writer: Pause suggestions');
    await this.says('paused');
    await this.page.keyboard.type(`. ${this.plan.typed}`, { delay: 40 });
    await this.page.waitForTimeout(1500);
    this.seen.paused = await this.ghost.allInnerTexts();
    await this.shot('paused');
    await this.command('Trigger Inline Suggestion');
    await this.ghostText(this.plan.whole);
    await this.statusItem.click();
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: 'Resume suggestions' }).click();
    await this.ready();
    await this.page.locator('.editor-instance .view-lines').first().click();
    await this.press('Control+End');
    await this.page.keyboard.type(`. ${this.plan.typed}`, { delay: 40 });
    await this.ghostText(this.plan.whole);
  }
}
