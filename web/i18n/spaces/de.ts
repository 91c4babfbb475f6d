import type { SpacesDictionary } from './en.ts';

export const de: SpacesDictionary = {
  'spaces.menu': 'Räume: {{name}}',
  'spaces.title': 'Räume in diesem Browser',
  'spaces.text':
    'Ein Raum hat seinen eigenen Namen, eigene Dokumente, Dateien, Leute und Schlüssel. Was in einem ist, sieht man nie in einem anderen. G und dann seine Zahl führt hin.',
  'spaces.unnamed': 'Privater Raum',
  'spaces.unnamedAt': 'Raum {{place}}',
  'spaces.here': 'Dieser Tab',
  'spaces.unread': '{{name}}, {{count}} neu',
  'spaces.new': 'Neuer Raum',
  'spaces.settings': 'Name, Farbe, entfernen …',
  'spaces.go': 'Hingehen',
  'spaces.goTo': 'Zu {{name}} gehen',
  'spaces.name': 'Wie er hier heißt',
  'spaces.nameText': 'Das sieht niemand außer dir, und nur in diesem Browser.',
  'spaces.colour': 'Farbe',
  'spaces.colour.auto': 'Nach dem Namen',
  'spaces.colour.at': 'Farbe {{place}}',
  'spaces.handover': 'Zu einer anderen Adresse der App …',
  'spaces.remove': 'Aus diesem Browser entfernen …',
  'spaces.removeTitle': '{{name}} aus diesem Browser entfernen?',
  'spaces.goes.one':
    'Was geht: die Dokumente, Dateien und Schlüssel, die dieser Browser davon hat, {{count}} Eintrag.',
  'spaces.goes.other':
    'Was geht: die Dokumente, Dateien und Schlüssel, die dieser Browser davon hat, {{count}} Einträge.',
  'spaces.stays':
    'Was bleibt: alles, was {{idTag}} auf seinem Relay und auf seinen anderen Geräten hat. Dieser Browser wird von der Liste der Geräte genommen.',
  'spaces.onlyDevice':
    'Dies ist das einzige Gerät von {{idTag}}. Das Relay behält, was es hat, aber ohne Notfall-Kit oder einen anderen Zugang kommt niemand mehr hinein.',
  'spaces.noIdentity':
    'Er hat keinen Namen, also ist nichts davon anderswo. Er lässt sich nicht zurückholen.',
  'spaces.unsent':
    'Noch nicht beim Relay: {{count}}. Darauf wird gewartet; lass dies offen, solange du verbunden bist.',
  'spaces.sure': 'Entfernen, mit allem, was nur hier ist',
  'spaces.removeNow': 'Entfernen',
  'spaces.removing': 'Wird entfernt …',
  'spaces.cancel': 'Behalten',
  'spaces.close': 'Schließen',
  'spaces.failed': 'Nicht entfernt: {{message}}',
  'spaces.gone': 'Der Raum ist aus diesem Browser verschwunden.',
};
