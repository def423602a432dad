// Opens a report in a browser as a reader does: light, dark, in a narrow window and on paper, with the keyboard alone.
// Prints what it saw as one JSON object; test_report.py judges it.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const plan = JSON.parse(fs.readFileSync(0, 'utf8'));
const { chromium } = createRequire(path.join(plan.editors, 'package.json'))('playwright-core');
const VIEWS = [
  { name: 'light', width: 1100, colorScheme: 'light' },
  { name: 'dark', width: 1100, colorScheme: 'dark' },
  { name: 'narrow', width: 400, colorScheme: 'light' },
  { name: 'print', width: 800, colorScheme: 'dark', media: 'print' },
];

/** Runs in the page: where everything is, and in which colours. */
function look() {
  const size = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return { x, y, width, height };
  };
  const overlaps = (a, b) =>
    a.x < b.x + b.width - 1 && b.x < a.x + a.width - 1 && a.y < b.y + b.height - 1 && b.y < a.y + a.height - 1;
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const channels = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((channel) => {
      const share = channel / 255;
      return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = getComputedStyle(document.body).backgroundColor;
  const contrast = (colour) => {
    const [a, b] = [luminance(colour), luminance(paper)].sort((one, other) => other - one);
    return (a + 0.05) / (b + 0.05);
  };
  const texts = [...document.querySelectorAll('svg text')].filter((text) => text.textContent);
  const clashes = [...document.querySelectorAll('svg')].flatMap((svg) => {
    const own = texts.filter((text) => svg.contains(text)).map((text) => ({ said: text.textContent, ...size(text) }));
    return own.flatMap((a, i) =>
      own
        .slice(i + 1)
        .filter((b) => overlaps(a, b))
        .map((b) => `${a.said} / ${b.said}`),
    );
  });
  const cut = texts.filter((text) => {
    const [a, b] = [size(text), size(text.closest('svg'))];
    return a.x < b.x - 2 || a.x + a.width > b.x + b.width + 2 || a.y < b.y - 2 || a.y + a.height > b.y + b.height + 2;
  });
  return {
    charts: [...document.querySelectorAll('svg')].map(size),
    named: [...document.querySelectorAll('svg')].map((svg) =>
      svg
        .getAttribute('aria-labelledby')
        .split(' ')
        .map((id) => document.getElementById(id).textContent.length > 0),
    ),
    headings: [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map((heading) => Number(heading.tagName[1])),
    clashes,
    cut: cut.map((text) => text.textContent),
    contrasts: {
      ...Object.fromEntries(
        ['.meaning', '.measured', '.facts', 'nav a', 'summary', 'footer'].map((selector) => {
          const found = document.querySelector(selector);
          return [selector, found ? contrast(getComputedStyle(found).color) : 21];
        }),
      ),
      labels: Math.min(21, ...texts.map((text) => contrast(getComputedStyle(text).fill))),
    },
    ink: contrast(getComputedStyle(document.documentElement).getPropertyValue('--ink')),
    paper: luminance(paper),
    wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  };
}

/** What each press of Tab reaches, from the top to the end of the page. */
async function tabbed(page) {
  const reached = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const place = await page.evaluate(() => {
      const active = document.activeElement;
      if (!active || active === document.body || active.dataset.reached) return null;
      active.dataset.reached = 'yes';
      const outlined = getComputedStyle(active).outlineStyle !== 'none';
      const box = active.getBoundingClientRect();
      const seen = box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight;
      return { tag: active.tagName.toLowerCase(), outlined, seen };
    });
    if (!place) return reached;
    reached.push(place);
  }
}

const browser = await chromium.launch({ executablePath: plan.browser, args: ['--no-sandbox'] });
const seen = { complaints: [], requests: [], views: {} };
try {
  for (const { name, width, colorScheme, media } of VIEWS) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on('console', (message) => seen.complaints.push(message.text()));
    page.on('pageerror', (error) => seen.complaints.push(String(error)));
    page.on('request', (request) => seen.requests.push(request.url()));
    await page.goto(plan.report);
    if (media) await page.emulateMedia({ media, colorScheme });
    seen.views[name] = await page.evaluate(look);
    await page.screenshot({ path: path.join(plan.shots, `report-${plan.name}-${name}.png`), fullPage: true });
    if (name === 'light') {
      seen.tabs = await tabbed(page);
      seen.focusable = await page.locator('a, summary, [tabindex="0"]:not(details:not([open]) *)').count();
      await page.locator('summary').first().focus();
      await page.keyboard.press('Enter');
      seen.table = await page.locator('details').first().locator('tbody tr').first().isVisible();
    }
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen));
