import type { Page } from '@playwright/test';
import { expectNoViolations } from './axe.ts';
import { clipboards } from './clipboards.ts';
import { expect, test } from './fixtures.ts';
import { chip, editor } from './people.ts';

/** Waits for the parts of the editor that come after its first words. */
async function ready(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.locator('.text-editor')).toBeVisible();
  await expect(page.locator('.block-handle')).toHaveCount(1);
}

async function slash(page: Page, words: string): Promise<void> {
  await page.keyboard.type(`/${words}`);
  await expect(page.getByRole('listbox', { name: 'Blocks' }).getByRole('option').first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('listbox')).toHaveCount(0);
}

async function paste(page: Page, html: string): Promise<void> {
  await editor(page).evaluate((element, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/html', text);
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, html);
}

test('blocks by keyboard: menu, table, callout, code, handle, and all of it again after a reload', async ({
  page,
  unclaimed: relay,
}) => {
  await ready(page, relay.url);
  await expect(editor(page)).toBeFocused();
  await slash(page, 'heading 1');
  await page.keyboard.type('Plan');
  await page.keyboard.press('Enter');

  // Escape leaves what was typed, and asks no more there.
  await page.keyboard.type('/tab');
  await expect(page.getByRole('option', { name: 'Table' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('listbox')).toHaveCount(0);
  await page.keyboard.type('le');
  await expect(page.getByRole('listbox')).toHaveCount(0);
  for (const _ of '/table') await page.keyboard.press('Backspace');

  await slash(page, 'table');
  await expect(editor(page).locator('th')).toHaveCount(3);
  for (const words of ['Day', 'Sea', 'Wind', 'Fri', 'calm', 'low']) {
    await page.keyboard.type(words);
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Control+/');
  await page.getByRole('menuitem', { name: 'Delete row' }).press('Enter');
  await expect(editor(page).locator('tr')).toHaveCount(2);
  await page.keyboard.press('Control+Enter');

  await slash(page, 'warning');
  await page.keyboard.type('Mind the ');
  await page.keyboard.type('==tide==');
  await expect(editor(page).getByRole('note', { name: 'Warning' }).locator('mark')).toHaveText('tide');
  await page.getByRole('button', { name: 'Warning – change kind' }).click();
  await page.getByRole('menuitemradio', { name: 'Tip' }).click();
  await expect(editor(page).getByRole('note', { name: 'Tip' })).toHaveCount(1);

  // The caret is in it again.
  await expect(editor(page)).toBeFocused();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('met :smile');
  await page
    .getByRole('option', { name: /:smile$/ })
    .first()
    .waitFor();
  await page.keyboard.press('Enter');
  await slash(page, 'date');
  await page.keyboard.press('Enter');
  await page.keyboard.type('```js');
  await page.keyboard.press('Enter');
  await page.keyboard.type('const sea = "calm";');
  await expect(editor(page).locator('.hljs-keyword')).toHaveText('const');

  // Code goes above the line before it, and a copy of it below.
  await page.keyboard.press('Alt+Shift+ArrowUp');
  await page.keyboard.press('Control+Shift+D');
  await expect(editor(page).locator('.code-box')).toHaveCount(2);
  await page.getByLabel('Language of the code').last().selectOption('Python');
  await expect(chip(page)).toHaveText('On this device');
  const before = await editor(page).innerText();
  await page.reload();
  await expect(page.locator('.block-handle')).toHaveCount(1);
  await expect(editor(page).locator('td')).toHaveText(['Fri', 'calm', 'low']);
  await expect(page.getByLabel('Language of the code').last()).toHaveValue('python');
  await expect(editor(page).locator('p', { hasText: 'met 😄' }).locator('input')).toHaveValue(
    /^\d{4}-\d\d-\d\d$/,
  );
  expect(await editor(page).innerText()).toBe(before);
  await expectNoViolations(page, 'blocks', '#main');
});

test('on a phone: a block by its menu, and clean words from Word, Google Docs and a web page', async ({
  browser,
  unclaimed: relay,
}) => {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
  });
  const page = await context.newPage();
  await ready(page, relay.url);
  await editor(page).tap();
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('/');
  await page.getByRole('option', { name: 'Tasks' }).tap();
  await page.keyboard.type('buy rope');
  await expect(page.getByRole('checkbox', { name: 'buy rope' })).toBeVisible();
  await page.getByRole('button', { name: 'Block menu; drag to move' }).tap();
  await page.getByRole('menuitem', { name: 'Duplicate' }).tap();
  await expect(page.getByRole('checkbox', { name: 'buy rope' })).toHaveCount(2);
  await page.getByRole('button', { name: 'Block menu; drag to move' }).tap();
  await page.getByRole('menuitem', { name: 'Delete' }).tap();
  await expect(page.getByRole('checkbox', { name: 'buy rope' })).toHaveCount(1);

  for (const { name, html, shown } of clipboards) {
    await page.keyboard.press('Control+A');
    await page.keyboard.press('Backspace');
    await expect.poll(() => outline(page)).toEqual(['p: ']);
    await paste(page, html);
    await expect.poll(() => outline(page), { message: name }).toEqual(shown);
  }
  await context.close();
});

test('pastes that are large: a page inside a cell, styles that the policy does not allow, and what is too much', async ({
  page,
  unclaimed: relay,
}) => {
  await ready(page, relay.url);
  await page.keyboard.type('Before');
  await page.keyboard.press('Enter');
  await expect(chip(page)).toHaveText('On this device');
  const violations: string[] = [];
  page.on('console', (message) => /policy/i.test(message.text()) && violations.push(message.text()));

  // Each line of a cell was looked for anew among all, and all words before it were read: this took minutes.
  const lines = 10_000;
  const cell = Array.from({ length: lines }, (_, i) => `<div style="color:red"><p>line ${i}</p></div>`).join(
    '\n',
  );
  await paste(
    page,
    `<table><tr><td>${cell}</td><td><table><tr><td>a</td><td><b>b</b><p>c</p></td></tr></table></td></tr></table>`,
  );
  const cells = editor(page).locator('td');
  await expect(cells).toHaveCount(2);
  await expect(cells.first().locator('br')).toHaveCount(lines - 1);
  expect(await cells.last().innerHTML()).toBe('a<br><strong>b</strong><br>c');
  expect(violations).toEqual([]);
  await page.keyboard.press('Control+Z');
  await expect.poll(() => outline(page)).toEqual(['p: Before', 'p: ']);

  // Deeper than a document may be, and more cells than a page can show.
  for (const html of [
    '<blockquote>'.repeat(400),
    `<table>${`<tr>${'<td>a</td>'.repeat(100)}</tr>`.repeat(500)}`,
  ]) {
    await paste(page, html);
    await expect(page.getByText('too much at once')).toBeVisible();
    await page.getByText('too much at once').waitFor({ state: 'hidden', timeout: 30_000 });
    expect(await outline(page)).toEqual(['p: Before', 'p: ']);
  }
});

/** The blocks of the document, each with its words; what is bold stands in stars. */
function outline(page: Page): Promise<string[]> {
  return editor(page).evaluate((element) => {
    const lines: string[] = [];
    const read = (node: Element, depth: string): void => {
      const task = node.getAttribute('data-checked');
      const own = { LI: task === null ? '-' : `[${task}]`, OL: '', UL: '' }[node.tagName];
      if (own !== undefined) {
        const inner = own === '' ? depth : `${depth}${own} `;
        for (const child of node.querySelectorAll(':scope > *, :scope > .task-content > *')) {
          if (!child.matches('.task-content, .task-box')) read(child, inner.replaceAll('- - ', '-- '));
        }
        return;
      }
      const words = node.cloneNode(true) as HTMLElement;
      for (const part of words.querySelectorAll('strong')) part.textContent = `*${part.textContent}*`;
      for (const part of words.querySelectorAll('th, td')) part.append('|');
      for (const part of words.querySelectorAll('br, select')) part.replaceWith(' ');
      const text = words.textContent.replace(/\s+/g, ' ').trim();
      lines.push(`${depth}${node.tagName.toLowerCase()}: ${text}`);
    };
    for (const child of element.children) read(child, '');
    return lines;
  });
}
