import type { CopiedDictionary } from './en.ts';

/** Deutsche Wörter für Schlüssel, die an zwei Orten benutzt wurden. */
export const de: CopiedDictionary = {
  'choose.what':
    'Die Schlüssel dieses Geräts wurden am {{date}} an zwei Orten benutzt, wie wenn ein Browserprofil kopiert wird. Nichts, was einer von beiden sagt, zählt, bis du entschieden hast.',
  'choose.how':
    'Öffne Islet in dem Browser, der deiner ist: Unter Einstellungen, Dieses Gerät, zeigt er drei Wörter. Wähle hier die Schlüssel mit denselben Wörtern.',
  'choose.list': 'Schlüssel von „{{name}}“',
  'choose.first': 'Zuerst erneuert, {{time}}',
  'choose.second': 'Noch einmal erneuert, {{time}}',
  'choose.agent': 'von {{agent}}',
  'choose.right': 'Diese Schlüssel sind richtig',
  'choose.rightWords': 'Diese Schlüssel sind richtig: {{words}}',
  'choose.done': 'Die Schlüssel „{{words}}“ sind richtig. Die anderen bleiben für immer draußen.',
  'choose.unsure':
    'Keiner deiner Browser zeigt diese Wörter, oder du weißt nicht, welcher deiner ist? Dann entferne dieses Gerät und verbinde deinen Browser neu.',
  'own.words': 'Die Schlüssel dieses Browsers:',
  'own.what':
    'Die Schlüssel dieses Geräts wurden an zwei Orten benutzt, wie wenn ein Browserprofil kopiert oder aus einer Sicherung zurückgeholt wird. Beide Browser sind angehalten, damit mit der Kopie niemand in deinem Namen handeln kann.',
  'own.right':
    'Ist dieser Browser deiner, dann öffne Islet auf einem anderen deiner Geräte, geh zu Einstellungen, Geräte, und wähle die Schlüssel mit diesen drei Wörtern. Was du inzwischen hier schreibst, bleibt und geht dann hinaus.',
  'own.alone':
    'Du hast kein anderes Gerät? Ein neuer Browser kommt mit deinem Notfall-Kit, einem Passwort oder einem Passkey herein und kann es sagen. Auch wer dein Relay betreibt, kann sagen, dass die ersten Schlüssel richtig sind.',
  'own.copy':
    'Ist dieser Browser die Kopie, dann entferne den Raum aus ihm und sag auf einem anderen Gerät, dass die anderen Schlüssel richtig sind.',
  'own.remove': 'Aus diesem Browser entfernen…',
  'own.stays':
    'Was bleibt: alles, was {{idTag}} auf seinem Relay und auf seinen anderen Geräten hat. Dieser Browser bleibt in der Liste der Geräte, bis du auf einem anderen sagst, welche Schlüssel richtig sind.',
  'own.unsent':
    'Noch nicht beim Relay: {{count}}. Solange dieser Browser angehalten ist, kommt nichts davon dorthin.',
};
