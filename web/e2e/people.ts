import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { expect, type Relay, test } from './fixtures.ts';

/** One browser profile at one relay's app. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** A fresh browser profile with the app open. */
export async function openBrowser(browser: Browser, relay: Relay): Promise<Person> {
  const person = await openProfile(browser);
  await person.page.goto(relay.url);
  await expect(editor(person.page)).toBeFocused();
  return person;
}

/** A fresh browser profile that has claimed the relay by its setup link. */
export async function claimBrowser(browser: Browser, relay: Relay): Promise<Person> {
  const person = await openProfile(browser);
  await claim(person.page, relay);
  return person;
}

async function openProfile(browser: Browser): Promise<Person> {
  const context = await browser.newContext({ locale: 'en' });
  return { context, page: await context.newPage() };
}

/** Opens the setup link of the relay's log and waits until this browser is enrolled. */
export async function claim(page: Page, relay: Relay): Promise<void> {
  if (!relay.setupLink) throw new Error('the relay printed no setup link');
  await page.goto(relay.setupLink);
  await page.getByRole('button', { name: 'Claim this space' }).click();
  await expect(page.getByText(`This space is now ${relay.idTag}.`)).toBeVisible({ timeout: 30_000 });
}

/** Links a fresh browser by a one-time link made in Settings on `first`. */
export async function linkBrowser(
  browser: Browser,
  relay: Relay,
  first: Person,
  name: string,
): Promise<Person> {
  const second = await openProfile(browser);
  await first.page.goto(`${relay.url}/settings`);
  await first.page.getByRole('button', { name: 'Link another device' }).click();
  const code = await first.page.getByTestId('code').innerText();
  await second.page.goto(`${relay.url}/enrol#${code}`);
  await second.page.getByLabel('Name of this device').fill(name);
  await second.page.getByRole('button', { name: 'Link this device' }).click();
  await expect(first.page.getByText(`“${name}” asks to join.`)).toBeVisible();
  await expect(first.page.getByTestId('words')).toHaveText(
    await second.page.getByTestId('words').innerText(),
    {
      useInnerText: true,
    },
  );
  await first.page.getByRole('button', { name: 'Same words – let it in' }).click();
  await expect(second.page.getByText(`This device is linked to ${relay.idTag}.`)).toBeVisible();
  return second;
}

/** The editor of the open document; not what takes the keys until it is there. */
export function editor(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Document' }).and(page.locator(':not(#first-words)'));
}

/** Waits until the service worker answers for the app, also while the relay is away. */
export async function worksOffline(page: Page): Promise<void> {
  expect(test.info().tags, 'the tag of a story that has the service worker').toContain('@offline');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

export function chip(page: Page): Locator {
  return page.getByTestId('chip');
}

/** Goes to a page of the app without a reload, as a person does. */
export async function go(
  page: Page,
  name: 'Home' | 'Files' | 'Feed' | 'People' | 'Messages' | 'Notices' | 'Settings',
): Promise<void> {
  // A link may have the number of what is new behind its name.
  const link = page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${name}( \\d+)?$`) });
  await link.first().click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Somebody in the lists of People. */
export function contact(page: Page, name: string): Locator {
  return page.getByRole('main').getByRole('listitem').filter({ hasText: name });
}

/** Looks a name up in People; gives the card that says who it is. */
export async function lookUp(page: Page, name: string): Promise<Locator> {
  await go(page, 'People');
  await page.getByLabel('Name of a person').fill(name);
  await page.getByRole('button', { name: 'Look up', exact: true }).click();
  const card = page.getByTestId('found').filter({ hasText: name });
  await expect(card).toBeVisible();
  return card;
}

/** Follows a name and waits until the relay has told the neighbour. */
export async function follow(page: Page, name: string): Promise<void> {
  const card = await lookUp(page, name);
  await card.getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(contact(page, name)).toContainText(/You follow|Connected/);
  await expect(contact(page, name).getByText('Waiting to be sent')).toHaveCount(0);
}

/** Asks somebody to be connected, with words. */
export async function connect(page: Page, name: string, words: string): Promise<void> {
  const card = await lookUp(page, name);
  await card.getByRole('button', { name: 'Connect', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your words').fill(words);
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

/** Two people who know each other: one asks, the other one accepts. */
export async function connectBoth(one: Person, oneName: string, two: Person, twoName: string): Promise<void> {
  await connect(one.page, twoName, 'Let us be connected');
  await go(two.page, 'People');
  await two.page.getByRole('button', { name: `Accept – ${oneName}` }).click();
  for (const [page, name] of [
    [one.page, twoName],
    [two.page, oneName],
  ] as const) {
    await go(page, 'People');
    await expect(contact(page, name)).toContainText('Connected');
    await expect(contact(page, name).getByText('Waiting to be sent')).toHaveCount(0);
  }
}

/** The card of a post. */
export function post(page: Page, text: string): Locator {
  return page.getByRole('article').filter({ has: page.getByText(text, { exact: true }) });
}

/** A comment under a post, without the answers to it. */
export function comment(card: Locator, text: string): Locator {
  return card.getByTestId('comment').filter({ hasText: text });
}

/** Who reacted, in the opened list of reactions. */
export function reaction(card: Locator, name: string): Locator {
  return card.getByRole('list', { name: 'Reactions' }).getByRole('listitem').filter({ hasText: name });
}

/** Writes a post on the open Feed. */
export async function say(
  page: Page,
  text: string,
  audience?: 'Public' | 'Followers' | 'Connected',
): Promise<void> {
  await page.getByLabel('What is new?').fill(text);
  if (audience) await page.getByLabel('Who may read it').selectOption(audience);
  await page.getByRole('button', { name: 'Post', exact: true }).click();
  await expect(post(page, text)).toBeVisible();
}
