import type { MovingDictionary } from './en.ts';

export const de: MovingDictionary = {
  'moving.title': 'Umziehen',
  'moving.text':
    'Ein Archiv enthält alles, was {{idTag}} bei seinem Relay hat: Dokumente mit ihrer Geschichte, Gesagtes, Dateien, Menschen, Geräte. Ein anderes Relay nimmt es auf, und dort geht alles weiter.',
  'moving.noKit':
    'Es gibt noch kein Notfall-Kit. Ohne es enthält das Archiv keinen Identitätsschlüssel: Das neue Relay macht einen anderen, und deine Nachbarn sehen eine Änderung. Mach zuerst eines.',
  'moving.secret': 'Wer das Archiv hat, kann lesen, was darin ist. Bewahre es auf wie deine Dokumente.',
  'moving.copy': 'Archiv machen',
  'moving.move': 'Zu einem anderen Relay umziehen …',
  'moving.moveTitle': 'Mit {{idTag}} zu einem anderen Relay umziehen?',
  'moving.moveText':
    'Von jetzt an nimmt dieses Relay nichts Neues an: Du schreibst auf deinen Geräten weiter, und Nachbarn behalten, was sie für dich haben, bis du dort bist. Du kannst doch bleiben, solange du nicht gesagt hast, dass du umgezogen bist.',
  'moving.moveNow': 'Schließen und Archiv machen',
  'moving.making': 'Das Archiv wird gemacht: {{percent}}',
  'moving.ready': 'Das Archiv vom {{when}} ist fertig: {{size}}.',
  'moving.missing': '{{count}} Dateien waren hier nicht lesbar und sind nicht darin.',
  'moving.failed': 'Das Archiv konnte nicht gemacht werden. Versuch es noch einmal.',
  'moving.cancel': 'Abbrechen',
  'moving.download': 'Herunterladen',
  'moving.remove': 'Archiv löschen',
  'moving.closed': 'Dieses Relay ist für den Umzug geschlossen. Es nimmt nichts Neues an.',
  'moving.next':
    'Starte das neue Relay für {{idTag}}, lass den Namen auf es zeigen, öffne den Link „With an archive“, den es ausgibt, und wähle die Datei. Sag dann hier, dass du umgezogen bist.',
  'moving.stay': 'Doch hier bleiben',
  'moving.moved': 'Ich bin umgezogen',
  'moving.movedTitle': 'Ist {{idTag}} umgezogen?',
  'moving.movedText':
    'Dieses Relay wird für {{idTag}} nichts mehr sagen und nichts mehr annehmen. Das lässt sich nicht zurücknehmen. Sag es, sobald alles beim neuen Relay ist.',
  'moving.isMoved': '{{idTag}} ist umgezogen. Dieses Relay tut nichts mehr dafür.',
  'moving.away': 'Das Relay ist nicht erreichbar. Archive werden dort gemacht.',
  'moving.mayNot': 'Dieses Gerät darf keine Archive machen.',
  'moving.close': 'Schließen',
  'leave.title': 'Dieses Konto löschen',
  'leave.text': 'Alles, was {{idTag}} bei seinem Relay hat, wird gelöscht, und das Relay vergisst den Namen.',
  'leave.button': 'Konto löschen …',
  'leave.dialog': '{{idTag}} endgültig löschen?',
  'leave.goes':
    'Was geht: alle Dokumente mit ihrer Geschichte, Dateien, Beiträge, Nachrichten, Menschen, Geräte, Archive und Schlüssel beim Relay. Niemand kann sie zurückholen, und das Notfall-Kit nützt nichts mehr.',
  'leave.told': 'Alle, denen du folgst oder mit denen du verbunden bist, erfahren, dass das vorbei ist.',
  'leave.stays':
    'Was bleibt: was andere von dir bekommen haben, was dieser Browser und deine anderen Geräte halten, und Archive, die du heruntergeladen hast.',
  'leave.name': 'Tippe {{idTag}}, um es zu löschen',
  'leave.now': 'Endgültig löschen',
  'leave.deleting': 'Wird gelöscht …',
  'leave.done': '{{idTag}} wurde gelöscht. Was dieser Browser hält, ist noch da.',
  'arrive.title': 'Ich habe ein Archiv',
  'arrive.intro':
    'Alles, was im Archiv deines alten Relays ist, kommt in dieses. Es wird ganz geprüft, bevor etwas übernommen wird; wenn diese Seite oder das Relay stehen bleibt, wähle dieselbe Datei noch einmal, und es geht weiter.',
  'arrive.choose': 'Archiv wählen',
  'arrive.noToken': 'Öffne den Link „With an archive“, den das Relay beim Start ausgegeben hat.',
  'arrive.sending': 'Wird gesendet: {{percent}}',
  'arrive.checking': 'Jeder Teil wird geprüft: {{percent}}',
  'arrive.taking': 'Wird übernommen: {{percent}}',
  'arrive.checked': 'Das Archiv von {{idTag}} vom {{when}} ist heil.',
  'arrive.kit': 'Den Identitätsschlüssel mit dem Notfall-Kit öffnen',
  'arrive.kitText': 'Dann bist du für alle derselbe Mensch wie zuvor.',
  'arrive.kitFile': 'Notfall-Kit wählen',
  'arrive.kitHere': 'Notfall-Kit von {{idTag}}',
  'arrive.passphrase': 'Passphrase des Notfall-Kits',
  'arrive.take': 'Einziehen',
  'arrive.without': 'Ohne Notfall-Kit einziehen',
  'arrive.withoutText':
    'Es wird ein neuer Identitätsschlüssel gemacht. Alles ist da, aber deine Nachbarn sehen, dass dein Schlüssel ein anderer ist.',
  'arrive.failed': 'Das hat nicht geklappt: {{message}}',
  'arrive.again': 'Noch einmal eine Datei wählen',
  'arrive.done': '{{idTag}} wohnt jetzt hier. Alles ist da.',
  'arrive.doneText':
    'Deine Geräte machen weiter, sobald der Name auf dieses Relay zeigt. Dieser Browser kommt mit dem Notfall-Kit herein, oder durch ein anderes Gerät.',
  'arrive.recover': 'Diesen Browser hereinholen',
  'arrive.open': 'Öffnen',
};
