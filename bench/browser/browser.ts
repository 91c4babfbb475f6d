import { type Browser, chromium } from '@playwright/test';
import { findBrowser } from '../../scripts/browser.mjs';

/** Chromium without a window, as the browser tests start it. @throws Error in words when there is none */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) {
    throw new Error(
      'The rows of the browser need Chromium or Chrome: install one, or name it in CHROMIUM_PATH.',
    );
  }
  return chromium.launch({
    executablePath,
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: ['--no-sandbox', '--disable-gpu', '--in-process-gpu', '--disable-quic', '--no-first-run'],
  });
}
