let show: (() => Promise<unknown>) | undefined;

/** How the dialog comes onto the page; once is enough. */
export function provideVerifyDialog(next: () => Promise<unknown>): void {
  show = next;
}

let shown: Promise<unknown> | undefined;

/** Puts the dialog onto the page the first time that it is needed. */
export async function showVerify(): Promise<void> {
  await (shown ??= Promise.resolve(show?.()));
}
