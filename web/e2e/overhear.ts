import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Keys that left WebCrypto in this page. */
    exported: JsonWebKey[];
  }
}

/** Everything that leaves a page, or that it says. */
export interface Overheard {
  /** Addresses, bodies, console, errors; what stands in tokens is there in the open too. */
  text(): string;
  /** Private keys that script has seen in this page, with their public parts. */
  privateKeys(): Promise<JsonWebKey[]>;
}

/** Listens from now on, and from the next page on to keys that are exported. */
export async function overhear(page: Page): Promise<Overheard> {
  const heard: string[] = [];
  page.on('request', (request) => heard.push(request.url(), request.postData() ?? ''));
  page.on('framenavigated', (frame) => heard.push(frame.url()));
  page.on('console', (message) => heard.push(message.text()));
  page.on('pageerror', (error) => heard.push(String(error)));
  await page.addInitScript(() => {
    window.exported = [];
    const { subtle } = crypto;
    const exportKey = subtle.exportKey.bind(subtle);
    const listening = async (format: KeyFormat, key: CryptoKey) => {
      const found = await exportKey(format as 'jwk', key);
      if (format === 'jwk' && key.type === 'private') window.exported.push(found);
      return found;
    };
    Object.defineProperty(subtle, 'exportKey', { value: listening });
  });
  return {
    text: () => heard.map(open).join('\n'),
    privateKeys: () => page.evaluate(() => window.exported),
  };
}

/** A text with what its tokens say. */
export function open(text: string): string {
  const parts = text.match(/[\w-]{40,}/g) ?? [];
  return [text, ...parts.map((part) => Buffer.from(part, 'base64url').toString('latin1'))].join('\n');
}
