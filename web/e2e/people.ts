import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { expect, type Relay } from './fixtures.ts';

/** One browser profile at one relay's app. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** A fresh browser profile with the app open. */
export async function openBrowser(browser: Browser, relay: Relay): Promise<Person> {
  const context = await browser.newContext({ locale: 'en' });
  const page = await context.newPage();
  await page.goto(relay.url);
  await expect(editor(page)).toBeFocused();
  return { context, page };
}

/** A fresh browser profile that has claimed the relay by its setup link. */
export async function claimBrowser(browser: Browser, relay: Relay): Promise<Person> {
  const person = await openBrowser(browser, relay);
  await claim(person.page, relay);
  return person;
}

/** Opens the setup link of the relay's log and waits until this browser is enrolled. */
export async function claim(page: Page, relay: Relay): Promise<void> {
  if (!relay.setupLink) throw new Error('the relay printed no setup link');
  await page.goto(relay.setupLink);
  await expect(page.getByText(`This space is now ${relay.idTag}.`)).toBeVisible();
}

/** Links a fresh browser by a one-time link made in Settings on `first`. */
export async function linkBrowser(
  browser: Browser,
  relay: Relay,
  first: Person,
  name: string,
): Promise<Person> {
  const second = await openBrowser(browser, relay);
  await first.page.goto(`${relay.url}/settings`);
  await first.page.getByRole('button', { name: 'Link another device' }).click();
  const link = await first.page.getByLabel('One-time link').inputValue();
  await second.page.goto(link);
  await second.page.getByLabel('Name of this device').fill(name);
  await second.page.getByRole('button', { name: 'Link this device' }).click();
  await expect(first.page.getByText(`“${name}” asks to join.`)).toBeVisible();
  await first.page.getByRole('button', { name: 'Approve' }).click();
  await expect(second.page.getByText(`This device is linked to ${relay.idTag}.`)).toBeVisible();
  return second;
}

export function editor(page: Page): Locator {
  return page.getByRole('textbox', { name: 'Document' });
}

export function chip(page: Page): Locator {
  return page.getByTestId('chip');
}

/** Goes to a page of the app without a reload, as a person does. */
export async function go(page: Page, name: 'Home' | 'Files' | 'Feed' | 'People' | 'Settings'): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name, exact: true }).first().click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
}

/** Follows a name in People and waits until the relay has told the neighbour. */
export async function follow(page: Page, name: string): Promise<void> {
  await go(page, 'People');
  await page.getByLabel('Name of a person').fill(name);
  await page.getByRole('button', { name: 'Follow', exact: true }).click();
  const contact = page
    .getByRole('region', { name: 'Following' })
    .getByRole('listitem')
    .filter({ hasText: name });
  await expect(contact).toBeVisible();
  await expect(contact.getByText('Waiting to be sent')).toHaveCount(0);
}

/** The card of a post. */
export function post(page: Page, text: string): Locator {
  return page.getByRole('article').filter({ has: page.getByText(text, { exact: true }) });
}

/** A comment under a post. */
export function comment(card: Locator, text: string): Locator {
  return card.getByRole('listitem').filter({ hasText: text });
}
