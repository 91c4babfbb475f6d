import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from './fixtures.ts';

/** The rules that a dark page may break when the light one does not. */
const colourRules = ['color-contrast', 'link-in-text-block'];

/**
 * Axe finds nothing: by all its rules in the light, by those of colour in the dark.
 *
 * @param where named when something is found
 * @param within a selector: only what is inside
 */
export async function expectNoViolations(page: Page, where: string, within?: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await expectNone(page, createAxe(page, within), where);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await expectNone(page, createAxe(page, within).withRules(colourRules), `${where}, dark`);
}

/** Within the page itself: otherwise each look opens a tab of its own to put together what frames of other sites said. */
function createAxe(page: Page, within?: string): AxeBuilder {
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
  return within === undefined ? axe : axe.include(within);
}

/** Once colours have come to rest: those on their way from one look to the other are nobody's. */
async function expectNone(page: Page, axe: AxeBuilder, where: string): Promise<void> {
  await page.evaluate(async () => {
    // What follows a scrolled box instead of the clock never ends.
    const ends = ({ timeline, effect }: Animation) =>
      timeline === document.timeline && effect?.getTiming().iterations !== Infinity;
    const ending = document.getAnimations().filter(ends);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  const { violations } = await axe.analyze();
  const told = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`,
  );
  expect(told, where).toEqual([]);
}
