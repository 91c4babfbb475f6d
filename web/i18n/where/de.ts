import type { WhereDictionary } from './en.ts';

export const de: WhereDictionary = {
  thisDevice: 'Dieses Gerät',
  opening: 'Wird geöffnet…',
  savedAt: 'Gesichert um {{time}}',
  savedAndRead: 'Geschrieben und zurückgelesen um {{time}}',
  savingSince: 'Wird gesichert seit {{time}}',
  saveFailed: 'Nicht gesichert: {{message}}',
  neverSaved: 'Davon ist hier noch nichts gespeichert.',
  theRelay: 'Dein Relay',
  unclaimed: 'Noch hat kein Relay eine Kopie. Mit einem Namen ändert sich das.',
  claim: 'Namen hinzufügen',
  offlineSent: 'Nicht erreichbar seit {{time}}. Alles, was hier geschrieben ist, wurde vorher gesendet.',
  offlineSince: 'Nicht erreichbar seit {{time}}. Deine Arbeit ist hier sicher und geht später hinaus.',
  'dirty.one': '{{count}} Dokument wartet auf das Senden.',
  'dirty.other': '{{count}} Dokumente warten auf das Senden.',
  readingFirst: 'Zuerst werden die Titel und die neuesten Texte geholt.',
  readingOf: 'Anderswo Geschriebenes wird geholt: {{rows}} von {{of}} Änderungen.',
  'reading.one': 'Anderswo Geschriebenes wird geholt: bisher {{count}} Änderung.',
  'reading.other': 'Anderswo Geschriebenes wird geholt: bisher {{count}} Änderungen.',
  removed:
    'Dieses Gerät wurde entfernt. Was du geschrieben hast, bleibt hier; damit es zum Relay kommt, verbinde diesen Browser von einem anderen Gerät aus neu.',
  expired:
    'Dieses Gerät war lange weg. Lass es auf einem anderen wieder herein. Was du hier schreibst, bleibt erhalten.',
  clock:
    'Die Uhren dieses Geräts und des Relays gehen mehr als eine Minute auseinander. Stelle die Uhr dieses Geräts.',
  fork: 'Das Relay zeigt eine andere Liste deiner Geräte als zuvor. Traue ihm nicht, bevor du weißt, warum.',
  late: 'Du bist online, aber was du geschrieben hast, ist seit {{minutes}} Minuten nicht bei deinem Relay angekommen. Auf diesem Gerät ist es sicher; leere diesen Browser nicht.',
  syncedAt: 'Bestätigt um {{time}}',
  'sending.one': '{{count}} Änderung wird gesendet…',
  'sending.other': '{{count}} Änderungen werden gesendet…',
  oldest: 'Nur auf diesem Gerät: was du seit {{time}} geschrieben hast ({{ago}}).',
  storedAt: 'Alles liegt auf der Platte deines Relays, wie es um {{time}} gesagt hat.',
  storedNot:
    'Änderungen seit {{time}} sind noch nicht dort. Davor war alles dort, wie es um {{stored}} gesagt hat.',
  storedNever: 'Änderungen seit {{time}} sind noch nicht dort.',
  storedUnknown: 'Noch ist nicht bekannt, ob dein Relay es hat.',
  second: 'Eine zweite Kopie',
  secondOn: 'Alles ist auf {{name}}, wie dieses Gerät um {{time}} unterschrieben hat.',
  secondPart:
    '{{name}} hat die letzten Änderungen noch nicht geholt; zuletzt war es um {{time}} auf dem Stand des Relays.',
  secondNone:
    'Kein anderes Gerät hat gesagt, dass es dies hat. Ob es eine zweite Kopie gibt, ist nicht bekannt.',
  secondOwner: 'Beim Relay von {{name}}: alles, Stand {{time}}.',
  secondOwnerWaits: 'Beim Relay von {{name}}: deine letzten Änderungen sind noch nicht dort.',
  anotherDevice: 'einem anderen Gerät',
  named: '„{{name}}“',
  file: 'Eine Datei',
  exportedAt: 'Zuletzt um {{time}} in eine Datei geschrieben.',
  exportedNever: 'Auf diesem Gerät noch nie in eine Datei geschrieben.',
  where: 'Wo dieses Dokument ist…',
  title: 'Wo „{{title}}“ ist',
  titleNone: 'Wo dieses Dokument ist',
  close: 'Schließen',
  'deletions.one':
    'Ein anderes Gerät hat {{count}} Dokument oder Datei entfernt. Hier ist es noch da, bis du entscheidest.',
  'deletions.other':
    'Ein anderes Gerät hat {{count}} Dokumente und Dateien auf einmal entfernt. Hier sind sie noch da, bis du entscheidest.',
  deletionsSome: 'Darunter: {{titles}}',
  deletionsKeep: 'Behalten',
  deletionsRemove: 'Auch hier entfernen',
  kept: 'Alles ist wieder da, auf allen deinen Geräten.',
  takenAway: 'Sie sind auch aus den Listen dieses Geräts verschwunden.',
  evicted:
    'Dieser Browser hat gelöscht, was Islet hier gespeichert hatte (Dokumente und Dateien: {{count}}). Was auf deinem Relay war, wird wieder geholt.',
  evictedAlone:
    'Dieser Browser hat gelöscht, was Islet hier gespeichert hatte (Dokumente und Dateien: {{count}}). Verbinde ihn wieder mit deinem Namen, dann kommt zurück, was auf deinem Relay war.',
  evictedLost: 'Vorher nicht gesendet, also verloren, wenn kein anderes Gerät es hat: {{titles}}',
  evictedNothing: 'Vorher war alles gesendet.',
  evictedLocal: 'Es gab kein Relay mit einer Kopie.',
  link: 'Diesen Browser verbinden',
  understood: 'Verstanden',
  newer:
    'In einem anderen Tab ist ein neueres Islet offen. Dieses hier speichert nichts mehr; lade es neu, um weiterzumachen.',
  reload: 'Neu laden',
  unread:
    'Dieser Browser kann nicht lesen, was Islet hier aufbewahrt. Was du siehst, kann alt oder nicht alles sein; alle paar Sekunden wird es neu versucht. ({{message}})',
  quota: 'Der Speicher dieses Browsers für Islet ist zu {{percent}} voll ({{used}} von {{quota}}).',
  full: 'Für das, was du schreibst, ist fast kein Platz mehr: {{percent}} des Speichers dieses Browsers für Islet sind belegt ({{used}} von {{quota}}). Entferne Dateien, die hier behalten werden, oder schaffe Platz auf diesem Gerät.',
  storage: 'Platz schaffen',
};
