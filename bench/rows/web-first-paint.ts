import type { Browser } from '@playwright/test';
import { openAppPage } from '../browser/app-page.ts';
import { openBrowser } from '../browser/browser.ts';
import { openPeerPage } from '../browser/peer-page.ts';
import { type Row, type Samples, alternate } from '../row.ts';

const rounds = 7;
/** Slow 4G as Lighthouse has it: a round trip of 150 ms, 1.6 Mbit/s down, 0.75 up. */
const slow4g = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

async function measure(): Promise<Samples> {
  const [app, peer, browser] = [await openAppPage(), await openPeerPage(), await openBrowser()];
  try {
    return await alternate(
      rounds,
      () => paint(browser, app.url),
      () => paint(browser, peer.bareUrl),
    );
  } finally {
    await browser.close();
    await app.close();
    await peer.close();
  }
}

/** Largest contentful paint of a first visit, in milliseconds after the address was entered. */
async function paint(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext({ locale: 'en', serviceWorkers: 'block' });
  try {
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.emulateNetworkConditions', slow4g);
    await page.goto(url, { waitUntil: 'networkidle' });
    return await page.evaluate(readPaint);
  } finally {
    await context.close();
  }
}

/** Runs in the page. */
function readPaint(): Promise<number> {
  return new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => {
      const last = list.getEntries().at(-1);
      if (last === undefined) return;
      observer.disconnect();
      resolve(last.startTime);
    });
    observer.observe({ type: 'largest-contentful-paint', buffered: true });
  });
}

/** A first visit over a slow network. */
export const webFirstPaint: Row = {
  name: 'web-first-paint',
  what: 'a first visit over slow 4G (150 ms, 1.6 Mbit/s) until the largest part of the page is drawn (LCP)',
  ours: 'the app, served by a relay',
  theirs: 'a page of one sentence and nothing else',
  unit: 'ms',
  target: { limit: 1200 },
  measure,
};
