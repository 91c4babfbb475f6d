import { env } from 'node:process';
import { setTimeout as pass } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { counted } from '../../shared/test/counted.ts';
import { createDice, seed } from '../../shared/test/seeded.ts';
import { expect, type Relay, test } from './fixtures.ts';
import { chip, claimBrowser, editor, worksOffline } from './people.ts';

/** How much typing may be lost with a tab, milliseconds. */
const mayBeLost = 200;
const kills = Number(env.ISLET_KILLS ?? 8);

/** What is known of a line that one tab was typing. Times are milliseconds. */
interface Typed {
  /** All letters that were pressed. */
  readonly sent: string;
  /** When each letter was in the hands of the page. */
  readonly taken: readonly number[];
  /** How many of its letters stood on a screen that called everything saved. */
  readonly safe: number;
  /** Infinity while the tab lives. */
  readonly killedAt: number;
}

/** Everything that must not be so with the line that was found afterwards; empty when all is well. */
function findFaults(found: string, { sent, taken, safe, killedAt }: Typed): string[] {
  const due = taken.filter((at) => at < killedAt - mayBeLost).length;
  const ago = Math.round(killedAt - (taken[found.length] ?? killedAt));
  const lost = `found “${found}” of “${sent}”, ${ago} ms lost`;
  return [
    ...(sent.startsWith(found) ? [] : [`torn or doubled: ${lost}`]),
    ...(found.length < due ? [`${due} letters were older than ${mayBeLost} ms: ${lost}`] : []),
    ...(found.length < safe ? [`${safe} letters were called saved: ${lost}`] : []),
  ];
}

/** How old the oldest letter was that is missing, milliseconds; 0 when none is. */
function lostTime(found: string, { taken, killedAt }: Pick<Typed, 'taken' | 'killedAt'>): number {
  return Math.max(0, killedAt - (taken[found.length] ?? killedAt));
}

/** The check itself can fail: it refuses what must not be, and takes what may be. */
function refuses(): void {
  const sent = 'a0 a1 a2 a3 ';
  const typed = { sent, taken: [...sent].map((_, at) => 1000 + at * 100), safe: 3, killedAt: 2200 };
  const faults = (found: string) => findFaults(found, typed).map((fault) => fault.split(':')[0]);
  expect(faults(sent)).toEqual([]);
  expect(faults('a0 a1 a2 a')).toEqual([]);
  expect(faults('a0 a1 a2 ')).toEqual(['10 letters were older than 200 ms']);
  expect(faults('a0 a2 a3 ')).toContain('torn or doubled');
  expect(faults('a0 a1 a1 a2 a3 ')).toEqual(['torn or doubled']);
  expect(faults('a0')).toContain('3 letters were called saved');
  expect(findFaults('a0 ', { ...typed, killedAt: 1150 })).toEqual([]);
  expect(findFaults('a0', { ...typed, killedAt: 1150 })).toHaveLength(1);
}

/** The lines that a page shows, without the carets of others in them. Runs in the page. */
function readLines(): string[] {
  const shown = document.querySelector('.text-editor')?.cloneNode(true);
  if (!(shown instanceof Element)) return [];
  for (const caret of shown.querySelectorAll('.caret')) caret.remove();
  return [...shown.querySelectorAll('p')].map((line) => line.textContent.replaceAll('\u00a0', ' '));
}

/** Whether the caret stands in the last line, and that is empty. Runs in the page. */
function isInEmptyEnd(): boolean {
  const last = document.querySelector('.text-editor')?.lastElementChild?.cloneNode(true);
  if (!(last instanceof Element)) return false;
  for (const caret of last.querySelectorAll('.caret')) caret.remove();
  const at = document.getSelection()?.anchorNode ?? null;
  return (
    last.textContent === '' && document.querySelector('.text-editor > :last-child')?.contains(at) === true
  );
}

/** Tells the test what is on the screen whenever the chip calls all of it saved. Runs in the page. */
function watchChip(): void {
  const lines: unknown = Reflect.get(globalThis, 'readLines');
  const tell: unknown = Reflect.get(globalThis, 'tellSaved');
  if (typeof lines !== 'function' || typeof tell !== 'function') throw new Error('nobody listens');
  const look = (): void => {
    const says = document.querySelector('.chip')?.getAttribute('data-says');
    if (says === 'device' || says === 'sent' || says === 'relay') tell(lines());
  };
  const everything = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.body, everything);
  look();
}

/** The browser whose tabs are killed, and what is known of the document by now. */
interface Desk {
  readonly context: BrowserContext;
  readonly address: string;
  /** How much of each line stood on a screen that called it saved, by the line's name. */
  readonly safe: Map<string, number>;
  /** All that were typed into so far; each has its line. */
  readonly lives: Life[];
  /** The tab that looked last; the next life begins in it. */
  looked: Page | undefined;
  /** The most that was lost by now, milliseconds. */
  longest: number;
}

const nameOf = (line: string): string => /^\d+[ab]/.exec(line)?.[0] ?? '';
/** The line that begins with a name, or has not come further than into its middle. */
const lineOf = (lines: string[], name: string): string =>
  lines.find((line) => line !== '' && (line.startsWith(name) || name.startsWith(line))) ?? '';

/** A browser with one document, of which the relay has the title. No tab is open any more. */
async function openDesk(browser: Browser, relay: Relay): Promise<Desk> {
  const { context, page } = await claimBrowser(browser, relay);
  await page.goto(relay.url);
  await editor(page).focus();
  await expect(editor(page)).toBeFocused();
  await page.keyboard.type('# Kills');
  await expect(chip(page)).toHaveText('On the relay', { timeout: 40_000 });
  await worksOffline(page);
  const desk: Desk = {
    context,
    address: page.url(),
    safe: new Map<string, number>(),
    lives: [],
    looked: undefined,
    longest: 0,
  };
  await page.close();
  await context.addInitScript(`globalThis.readLines = ${readLines.toString()};`);
  await context.exposeBinding('tellSaved', (_, lines: string[]) => {
    for (const line of lines) {
      const name = nameOf(line);
      desk.safe.set(name, Math.max(desk.safe.get(name) ?? 0, line.length));
    }
  });
  return desk;
}

/** One more tab with the document, whose chip is heard. */
async function openTab({ context, address }: Desk): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  await expect(editor(page)).toContainText('Kills');
  await page.evaluate(watchChip);
  return page;
}

/** A tab while it is typed into. */
interface Life {
  readonly page: Page;
  readonly name: string;
  readonly taken: number[];
  sent: string;
  killedAt: number;
  ended: boolean;
}

/** Opens tabs, each with its caret in a new line of its own. */
async function beginLives(desk: Desk, names: readonly string[]): Promise<Life[]> {
  const lives: Life[] = [];
  for (const name of names) {
    const page = (lives.length === 0 ? desk.looked : undefined) ?? (await openTab(desk));
    // A page that is still settling may take the caret to where it was: what is asked for is an empty last line.
    await expect(async () => {
      const last = editor(page).locator('> *').last();
      const { width, height } = (await last.boundingBox()) ?? { width: 8, height: 8 };
      await last.click({ position: { x: width - 4, y: height - 4 } });
      await page.keyboard.press('Control+End');
      await page.evaluate(
        () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate(isInEmptyEnd), { timeout: 2000 }).toBe(true);
    }).toPass();
    lives.push({ page, name, taken: [], sent: '', killedAt: Infinity, ended: false });
  }
  return lives;
}

/** Types numbered words at a steady pace until the tab is dead, or the test has ended it. */
async function typeOn(life: Life): Promise<void> {
  const { keyboard } = life.page;
  try {
    for (let word = 0; !life.ended; word++) {
      for (const letter of `${life.name}${word} `) {
        life.sent += letter;
        await keyboard.press(letter === ' ' ? 'Space' : letter, { delay: 15 });
        life.taken.push(Date.now());
      }
    }
  } catch (error) {
    if (life.killedAt === Infinity) throw error;
  }
}

/** Ends the process of a tab at once: no event of the page runs any more. */
async function kill(life: Life): Promise<void> {
  const devtools = await life.page.context().newCDPSession(life.page);
  const crashed = life.page.waitForEvent('crash');
  life.killedAt = Date.now();
  // The dead do not answer.
  devtools.send('Page.crash').catch(() => undefined);
  await crashed;
  life.ended = true;
}

/** Types in all tabs at once, and kills some of them after a while. */
async function typeAndKill(lives: readonly Life[], victims: readonly Life[], after: number): Promise<void> {
  const typing = Promise.all(lives.map(typeOn));
  await pass(after);
  await Promise.all(victims.map(kill));
  for (const life of lives) life.ended = true;
  await typing;
}

/** Everything that is wrong with the document that a page shows. What comes back later than the rest is welcome. */
async function faultsOn(page: Page, { lives, safe }: Desk): Promise<string[]> {
  const lines = await page.evaluate(readLines);
  const shown = lines.filter((line) => line !== '').length;
  const known = new Set(lives.map(({ name }) => lineOf(lines, name)).filter((line) => line !== ''));
  return [
    ...(shown === known.size ? [] : [`${shown} lines instead of ${known.size}`]),
    ...lives.flatMap((life) =>
      findFaults(lineOf(lines, life.name), { ...life, safe: safe.get(life.name) ?? 0 }),
    ),
  ];
}

/** Looks at the document in a new tab, while those that were not killed are still there. */
async function checkAnew(desk: Desk, lives: readonly Life[], story: string): Promise<void> {
  const page = await openTab(desk);
  desk.lives.push(...lives);
  // What the relay has of the dead comes back before the next one types.
  await expect(chip(page)).toHaveText(
    story.endsWith('relay true') ? 'On the relay' : /^(On this device|Sent to the relay)$/,
    {
      timeout: 40_000,
    },
  );
  await expect.poll(() => faultsOn(page, desk), story).toEqual([]);
  const found = await page.evaluate(readLines);
  for (const life of lives) {
    if (life.killedAt < Infinity)
      desk.longest = Math.max(desk.longest, lostTime(lineOf(found, life.name), life));
    await life.page.close();
  }
  desk.looked = page;
}

test(`what is typed into a tab that is killed: at most ${mayBeLost} ms are lost, and nothing that was called saved @offline`, async ({
  browser,
  relay,
}) => {
  refuses();
  test.setTimeout(60_000 + kills * 15_000);
  const dice = createDice();
  const desk = await openDesk(browser, relay);
  let running = true;
  for (let at = 0; at < kills; at++) {
    if (at % 4 < 2 !== running) await (running ? relay.stop() : relay.start());
    running = at % 4 < 2;
    const lives = await beginLives(desk, at % 2 === 0 ? [`${at}a`] : [`${at}a`, `${at}b`]);
    const pick = Math.floor(dice() * 3);
    const victims = lives.length === 1 || pick === 2 ? lives : lives.slice(pick, pick + 1);
    await typeAndKill(lives, victims, 250 + dice() * 1500);
    const names = victims.map(({ name }) => name).join(' and ');
    await checkAnew(desk, lives, `seed ${seed}, kill of ${names}, ${lives.length} open, relay ${running}`);
  }
  if (!running) await relay.start();
  await desk.looked?.close();
  const last = await openTab(desk);
  await expect(chip(last)).toHaveText('On the relay', { timeout: 40_000 });
  expect(await faultsOn(last, desk)).toEqual([]);
  expect(
    [...desk.safe.values()].some((length) => length > 0),
    'the chip said it while one typed',
  ).toBe(true);
  await desk.context.close();
  test.info().annotations.push({ type: 'lost at most', description: `${desk.longest} ms` });
  counted('kills of a tab', kills);
});
