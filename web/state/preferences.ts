import { createSignal } from 'solid-js';
import { locales, pickLocale, setLocale, type Locale } from '../i18n/translate.ts';
import { createFlag, readStored, writeStored } from './stored.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
export type Language = 'system' | Locale;

/** Also read by `public/theme.js` before the first paint. */
const themeKey = 'islet:theme';
const languageKey = 'islet:language';
const sidebarKey = 'islet:sidebar';

export const sidebarWidth = { min: 180, normal: 240, max: 420 } as const;

const [theme, writeTheme] = createSignal<Theme>(
  themes.find((name) => name === readStored(themeKey)) ?? 'system',
);
const [language, writeLanguage] = createSignal<Language>(
  locales.find((name) => name === readStored(languageKey)) ?? 'system',
);
const [sidebar, writeSidebar] = createSignal(
  clampSidebar(Number(readStored(sidebarKey)) || sidebarWidth.normal),
);
export { language, sidebar, theme };

export const [cardDismissed, dismissCard] = createFlag('islet:card-dismissed');
export const [welcomeHidden, hideWelcome] = createFlag('islet:welcome-hidden');

/** Applies a theme at once and remembers it. */
export function setTheme(next: Theme): void {
  writeTheme(next);
  writeStored(themeKey, next === 'system' ? null : next);
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}

/** Applies a language at once and remembers it; `system` follows the browser. */
export function setLanguage(next: Language): void {
  writeLanguage(next);
  writeStored(languageKey, next === 'system' ? null : next);
  void applyLanguage();
}

/** Puts the chosen or the browser's language into effect; stays with the current one when it cannot be fetched. */
export async function applyLanguage(): Promise<void> {
  const chosen = language();
  try {
    await setLocale(chosen === 'system' ? pickLocale(navigator.languages) : chosen);
  } catch (error) {
    console.warn('The language could not be loaded.', error);
  }
}

/** Width of the sidebar in CSS pixels, clamped and remembered. */
export function setSidebar(width: number): void {
  const next = clampSidebar(width);
  writeSidebar(next);
  writeStored(sidebarKey, String(next));
  document.documentElement.style.setProperty('--sidebar-width', `${next}px`);
}

function clampSidebar(width: number): number {
  return Math.round(Math.min(sidebarWidth.max, Math.max(sidebarWidth.min, width)));
}
