import type { StandingDictionary } from './en.ts';

export const de: StandingDictionary = {
  title: 'Dieses Gerät',
  away: 'Dieses Gerät darf gerade nicht für dich sprechen: Es war lange weg, oder alle deine Geräte wurden abgemeldet. Öffne Islet auf einem anderen deiner Geräte und lass dieses wieder herein, unter Einstellungen, Geräte.',
  awayAlone:
    'War es dein einziges Gerät? Dann kann es wieder hereinlassen, wer dein Relay betreibt, oder du nimmst dein Notfall-Kit.',
  suspended:
    'Die Schlüssel dieses Geräts wurden an zwei Orten zugleich benutzt, wie wenn sein Browserprofil kopiert wurde. Beide sind angehalten. Sag auf einem anderen deiner Geräte, welches deines ist, unter Einstellungen, Geräte.',
  removed:
    'Dieses Gerät wurde von deiner Identität entfernt. Um es wieder zu benutzen, verbinde es von einem anderen deiner Geräte aus.',
  kept: 'Alles, was du hier schreibst, bleibt auf diesem Gerät und geht hinaus, sobald es wieder herein darf.',
};
