// The first contact, and what stands around the text: the walkthrough, the status bar, the report, the themes. The plan
// names the parts that are played.
import fs from 'node:fs';
import path from 'node:path';
import { until, Writer } from './vscode_writer.mjs';

// What VS Code marks its window with.
const LIGHT = 'vs';
const DARK = 'vs-dark';

export class Contact extends Writer {
  async play() {
    for (const part of this.plan.parts) await this[part]();
  }

  get suggestions() {
    return this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
  }

  get pick() {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  /** The ghost text, once it stands still. */
  async someGhostText() {
    await this.ghost.first().waitFor({ timeout: 60000 });
    let before;
    return until(
      async () => {
        const shown = (await this.ghost.allInnerTexts()).join('').replaceAll('\u00a0', ' ');
        const stands = shown.trim() && shown === before;
        before = shown;
        if (!stands) await this.page.waitForTimeout(400);
        return stands && shown;
      },
      'the ghost text to stand still',
      60,
    );
  }

  async theme(name) {
    const wanted = this.page.locator(`.monaco-workbench.${name}`);
    if ((await wanted.count()) === 0) await this.command('Preferences: Toggle between Light/Dark Themes');
    await wanted.waitFor({ timeout: 30000 });
    await this.page.waitForTimeout(500); // the editor's colours follow
  }

  /** One of the README's pictures, when they are wanted. */
  async picture(name, clip) {
    if (!this.plan.images) return;
    await this.page.screenshot({ path: path.join(this.plan.images, `${name}.png`), animations: 'disabled', clip });
  }

  async typing() {
    const seen = this.seen;
    await this.press('Control+End');
    await this.page.keyboard.type(this.plan.typed.slice(0, -1), { delay: 40 });
    await this.ghost.first().waitFor({ timeout: 60000 });
    await this.page.keyboard.type(this.plan.typed.slice(-1));
    await this.suggestions.first().waitFor({ timeout: 30000 });
    seen.ghostText = await this.someGhostText();
    await this.shot('contact-1-first');
    await this.press('Enter');
    seen.entered = await this.text();
    await this.press('Control+z');
    await this.page.keyboard.press('Backspace');
    await this.page.keyboard.type(this.plan.typed.slice(-1));
    await this.suggestions.first().waitFor({ timeout: 30000 });
    await this.someGhostText();
    seen.menu = await this.suggestions.allInnerTexts();
    await this.press('ArrowDown');
    await this.page.locator('.suggest-widget.visible .monaco-list-row.focused').waitFor();
    seen.chosen = await this.page.locator('.suggest-widget.visible .monaco-list-row.focused .label-name').innerText();
    await this.shot('contact-2-chosen');
    await this.press('Tab');
    await this.page.locator('.suggest-widget.visible').waitFor({ state: 'hidden' });
    seen.tookChosen = await this.text();
  }

  /** The status item’s menu, by the keyboard: its rows, and what it says. */
  async openMenu(name) {
    await this.command('Writer: Menu');
    await this.pick.filter({ hasText: 'Doctor' }).waitFor();
    const rows = (await this.pick.allInnerTexts()).map((row) => row.trim());
    const says = await this.page.locator('.quick-input-widget:visible input').first().getAttribute('placeholder');
    await this.shot(`contact-menu-${name}`);
    return { rows, says };
  }

  async chooseInMenu(name) {
    await this.page.keyboard.type(name);
    await until(async () => (await this.pick.first().innerText()).includes(name), `“${name}” to be first`);
    await this.press('Enter');
  }

  async menu() {
    const { seen } = this;
    // A heading is the writer’s own.
    await this.press('Escape', 'Control+Home', 'End');
    await this.page.keyboard.type('s');
    await this.says('No suggestion', 30);
    seen.silent = await this.openMenu('silent');
    await this.chooseInMenu('Pause suggestions');
    await this.says('paused', 30);
    seen.paused = await this.openMenu('paused');
    await this.chooseInMenu('Resume suggestions');
    await this.ready();
    await this.openMenu('resumed');
    await this.chooseInMenu('Model');
    await this.page.locator('.quick-input-widget:visible', { hasText: 'in use' }).waitFor({ timeout: 30000 });
    seen.models = (await this.pick.allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    await this.shot('contact-menu-models');
    await this.press('Escape', 'Control+z');
  }

  async walkthrough() {
    const { page, seen } = this;
    await this.press('Control+b'); // VS Code shows no pictures where there is no room for them
    await this.command('Welcome: Open Walkthrough');
    await this.pick.filter({ hasText: 'Write with Writer' }).first().waitFor({ timeout: 30000 });
    await page.keyboard.type('Write with Writer');
    await this.press('Enter');
    const steps = page.locator('.gettingStartedContainer .getting-started-step');
    await steps.first().waitFor({ timeout: 30000 });
    seen.steps = [];
    for (let number = 0; number < (await steps.count()); number += 1) {
      const step = steps.nth(number);
      await step.click();
      await page.locator('.getting-started-step.expanded').filter({ has: page.locator('.step-description-container') });
      const title = (await step.locator('.step-title').innerText()).trim();
      seen.steps.push([title, await this.drawn()]);
      await this.shot(`contact-3-step-${number + 1}`);
    }
    await steps.first().click();
    await page.locator('.monaco-button', { hasText: 'Open the Sample Story' }).click();
    const draft = page.locator('.tab.active', { hasText: 'The Tide Clock' });
    await draft.waitFor({ timeout: 30000 });
    await this.shot('contact-4-story');
    // As long as a hand takes from the mouse to the keys: at a key right after a click, VS Code asks for no ghost text.
    await page.waitForTimeout(1000);
    await this.press('End');
    await page.keyboard.type(' ');
    seen.atEnd = await this.someGhostText();
    await this.shot('contact-5-space');
    await this.press('Escape');
    await this.press('Alt+Backslash');
    seen.asked = [await this.someGhostText()];
    for (const key of ['Alt+BracketRight', 'Alt+BracketRight', 'Alt+BracketLeft', 'Alt+BracketLeft']) {
      await this.press(key);
      await until(async () => (await this.someGhostText()) !== seen.asked.at(-1), 'another suggestion', 60);
      seen.asked.push(await this.someGhostText());
    }
    await this.shot('contact-6-turned');
    await this.press('Control+ArrowRight');
    await until(async () => (await this.someGhostText()) !== seen.asked.at(-1), 'one word to be taken');
    seen.wordTaken = await this.someGhostText();
    await this.press('Tab');
    await this.ghost.first().waitFor({ state: 'hidden' });
    await this.shot('contact-7-taken');
    seen.lastLine = await this.shownText();
  }

  /** What is on the screen of the manuscript, with its wrapped lines joined. */
  async shownText() {
    const lines = await this.page
      .locator('.editor-instance .view-line')
      .evaluateAll((all) =>
        all.map((line) => [parseFloat(line.style.top), line.textContent]).sort(([one], [other]) => one - other),
      );
    return lines.map(([, text]) => text.replaceAll('\u00a0', ' ')).join('');
  }

  /** Whether the picture, or the table, of the step is to be seen: it is drawn in a frame. */
  async drawn() {
    const seen = async () => {
      for (const frame of this.page.frames()) {
        const drawn = frame.locator('svg > rect, table').first();
        if (frame !== this.page.mainFrame() && (await drawn.isVisible().catch(() => false))) {
          const box = await drawn.boundingBox().catch(() => null);
          if (box && box.width > 100 && box.x > 0 && box.x + box.width <= 1200) return true;
        }
      }
      return false;
    };
    await until(seen, 'the picture', 20).catch(() => undefined);
    await this.page.waitForTimeout(300);
    return seen();
  }

  // What stands around the text.

  async label() {
    return (await this.statusItem.getAttribute('aria-label')) ?? '';
  }

  async closeTab() {
    await this.page.locator('.tab.active .tab-actions .action-label').first().click();
  }

  /** The page of a report, inside VS Code's frames. */
  async reportFrame() {
    return until(
      async () => {
        for (const frame of this.page.frames()) {
          const there = await frame
            .locator('#report section')
            .count()
            .catch(() => 0);
          if (
            there &&
            (await frame
              .locator('h1')
              .isVisible()
              .catch(() => false))
          )
            return frame;
        }
        return undefined;
      },
      'the report',
      120,
    );
  }

  async looks(frame) {
    return frame.evaluate(() => {
      const rgb = (colour) =>
        colour
          .match(/[\d.]+/g)
          .slice(0, 3)
          .map(Number);
      const luminance = (colour) => {
        const [r, g, b] = rgb(colour).map((part) => {
          const share = part / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const contrast = (one, other) => {
        const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      };
      const of = (selector, property = 'color') => getComputedStyle(document.querySelector(selector))[property];
      const paper = of('body', 'backgroundColor');
      return {
        theme: document.body.className,
        paper: luminance(paper),
        text: contrast(of('p.meaning'), paper),
        small: contrast(of('p.measured'), paper),
        ink: contrast(of('nav a'), paper),
        labels: contrast(of('svg text', 'fill'), paper),
        charts: document.querySelectorAll('figure svg').length,
        wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        width: document.documentElement.clientWidth,
      };
    });
  }

  async report() {
    const { page, seen } = this;
    await this.command('Writer: Report on this document');
    await page.locator('.tab.active', { hasText: 'report' }).waitFor({ timeout: 120000 });
    seen.reportTab = (await page.locator('.tab.active').innerText()).trim();
    seen.looks = {};
    const themes = { light: LIGHT, dark: DARK };
    for (const [name, theme] of Object.entries(themes)) {
      await this.theme(theme);
      const frame = await this.reportFrame();
      await until(async () => (await this.looks(frame)).theme.includes(`vscode-${name}`), `${name} in the tab`);
      seen.looks[name] = await this.looks(frame);
      await this.shot(`contact-15-report-${name}`);
    }
    await this.theme(DARK);
    await page.setViewportSize({ width: 700, height: 700 });
    await page.waitForTimeout(500);
    const frame = await this.reportFrame();
    seen.looks.narrow = await this.looks(frame);
    await this.shot('contact-16-report-narrow');
    await page.setViewportSize({ width: 1200, height: 700 });
    await frame.locator('h1').click();
    await this.press('PageDown', 'PageDown');
    await until(() => frame.evaluate(() => scrollY > 300), 'the report to scroll');
    await this.press('Control+f');
    await page
      .locator('.simple-find-part.visible, .simple-find-part-wrapper.visible')
      .first()
      .waitFor({ timeout: 10000 });
    await page.keyboard.type('nobody');
    await this.press('Enter');
    // It is looked for at every letter.
    const found = () => frame.evaluate(() => String(getSelection()));
    await until(async () => (await found()).length === 'nobody'.length, 'what is looked for');
    seen.found = await found();
    await this.shot('contact-17-report-find');
    await this.press('Escape');
    await this.closeTab();
    await page.locator('.editor-instance .view-lines').first().click();
    await this.command('Writer: Report on the whole folder');
    await page.locator('.tab.active', { hasText: 'report' }).waitFor({ timeout: 120000 });
    await this.reportFrame();
    seen.folderTab = (await page.locator('.tab.active').innerText()).trim();
    await this.closeTab();
  }

  async around() {
    const { page, seen } = this;
    await page.locator('.codelens-decoration', { hasText: 'words' }).first().waitFor({ timeout: 60000 });
    seen.lens = (await page.locator('.codelens-decoration').allInnerTexts()).map((text) =>
      text.replaceAll('\u00a0', ' '),
    );
    await this.command('Explorer: Focus on Outline View');
    const outline = page.locator('.outline-tree .monaco-list-row, .outline-pane .monaco-list-row');
    await outline.first().waitFor({ timeout: 30000 });
    seen.outline = (await outline.allInnerTexts()).map((text) => text.trim());
    for (const [name, theme] of Object.entries({ light: LIGHT, dark: DARK })) {
      await this.theme(theme);
      await page.locator('.editor-instance .view-lines').first().click();
      await page.locator('.editor-instance .margin').first().hover();
      await page.locator('.codicon-folding-expanded').first().waitFor({ timeout: 10000 });
      await this.shot(`contact-18-around-${name}`);
      await this.press('Control+Home', 'Control+f');
      await page.keyboard.type('recieved');
      await page.locator('.find-widget.visible .matchesCount', { hasText: /1 of/ }).waitFor();
      await this.press('Escape', 'Control+.');
      await page.locator('.action-widget .monaco-list-row.action').first().waitFor({ timeout: 30000 });
      seen.actions = await page.locator('.action-widget .monaco-list-row.action').allInnerTexts();
      await this.shot(`contact-19-fix-${name}`);
      await this.press('Escape');
      await this.command('Show or Focus Hover');
      await page.locator('.monaco-hover:visible').first().waitFor({ timeout: 30000 });
      await page.waitForTimeout(300);
      await this.shot(`contact-20-hover-${name}`);
      await this.press('Escape');
    }
  }

  // Another extension that suggests.

  async another() {
    const { page, seen } = this;
    // What is said hides itself after a while, and is kept in the list.
    const told = page.locator('.notifications-center .notification-list-item', { hasText: 'hide Writer' });
    await this.ready();
    await this.command('Notifications: Show Notifications');
    await told.first().waitFor();
    seen.told = [await told.count()];
    seen.message = await told.first().innerText();
    await this.shot('contact-21-another');
    seen.remark = await this.label();
    await page.reload();
    await page.locator('.editor-instance .view-line').first().waitFor({ timeout: 60000 });
    await this.ready();
    await page.waitForTimeout(2000); // nothing is said
    await this.command('Notifications: Show Notifications');
    seen.told.push(await told.count());
    seen.remarkAgain = await this.label();
  }

  // What activation costs the extension host, as VS Code measures it, at five starts.

  async activation() {
    this.seen.milliseconds = [];
    for (let start = 0; start < 5; start += 1) {
      await this.command('Developer: Show Running Extensions');
      const row = this.page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Writer' });
      const time = await row.locator('.activation-time').innerText();
      this.seen.milliseconds.push(Number(/\d+/.exec(time)[0]));
      await this.shot('contact-22-activation');
      await this.press('Escape');
      await this.page.reload();
      await this.page.locator('.editor-instance .view-line').first().waitFor({ timeout: 60000 });
      await this.ready();
    }
  }

  // The pictures of the README. The story is the sample's.

  async pictures() {
    const { page } = this;
    const text = { x: 352, y: 36, width: 848, height: 632 };
    await this.theme(LIGHT);
    await page.locator('.editor-instance .squiggly-hint, .editor-instance .squiggly-info').nth(1).waitFor();
    await page.locator('.editor-instance .view-lines').first().click();
    await this.press('Control+End');
    await page.keyboard.type(' ');
    await this.press('Alt+Backslash'); // by itself nothing comes on a machine that is very busy
    await this.someGhostText();
    await this.picture('ghost-text', { ...text, y: 318, height: 350 });
    await this.press('Escape', 'Backspace', 'Control+Home', 'Control+f');
    await page.keyboard.type('recieved');
    await page.locator('.find-widget.visible .matchesCount', { hasText: /1 of/ }).waitFor();
    await this.press('Escape', 'Control+.');
    await page.locator('.action-widget .monaco-list-row.action').first().waitFor({ timeout: 30000 });
    await this.picture('slips', text);
    await this.press('Escape', 'ArrowRight');
    await page.locator('.statusbar-item[id*="lspWriter.status"]').click();
    await this.pick.first().waitFor();
    await page.waitForTimeout(300);
    await this.picture('status');
    await this.press('Escape');
    await page.locator('.editor-instance .view-lines').first().click();
    await this.press('Control+g');
    await page.keyboard.type(String(this.plan.passageLine + 1));
    await this.press('Enter', 'Control+b');
    await this.command(`Writer: ${this.plan.rewrite}`);
    await this.notification('is ready', 'Accept').waitFor({ timeout: 120000 });
    await page.locator('.monaco-diff-editor .char-insert, .monaco-diff-editor .line-insert').first().waitFor();
    await page.waitForTimeout(1000); // the diff is worked out
    await page.setViewportSize({ width: 1040, height: 600 });
    await page.waitForTimeout(500);
    await this.picture('rewrite');
    await page.setViewportSize({ width: 1200, height: 700 });
    await this.notification('is ready', 'Discard').locator('.monaco-button', { hasText: 'Discard' }).click();
    await page.locator('.monaco-diff-editor').waitFor({ state: 'hidden' });
    await page.locator('.editor-instance .view-lines').first().click();
    await this.theme(DARK);
    await this.command('Writer: Report on this document');
    await page.locator('.tab.active', { hasText: 'report' }).waitFor({ timeout: 120000 });
    const frame = await this.reportFrame();
    await frame.locator('section').nth(1).scrollIntoViewIfNeeded();
    await page.waitForTimeout(500);
    await this.picture('report');
  }
}
