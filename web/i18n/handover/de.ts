import type { HandoverDictionary } from './en.ts';

export const de: HandoverDictionary = {
  'handover.title': 'Zu einer anderen Adresse der App',
  'handover.what':
    'Was ein Browser behält, gehört zu der Adresse, unter der du die App geöffnet hast. Hier bringst du eine Kopie dieses Raums zu einer anderen Adresse, in diesem Browser.',
  'handover.address': 'Adresse der App dort',
  'handover.addressText':
    'Gib sie selbst ein, und nur eine, der du vertraust: Sie bekommt alles, was in diesem Raum ist.',
  'handover.start': 'Dort öffnen',
  'handover.badAddress': 'Das ist keine andere Adresse der App. Sie beginnt mit https://.',
  'handover.opening': 'Warte auf das andere Fenster. Antworte dort.',
  'handover.offer': '{{from}} übergibt einen Raum',
  'handover.offerText':
    '{{name}}, mit {{entries}} Dokumenten, Dateien und Ordnern. Er wird hier ein eigener Raum.',
  'handover.unnamed': 'Ein Raum ohne Namen',
  'handover.take': 'Annehmen',
  'handover.refuse': 'Nein',
  'handover.running': 'Kopiert und geprüft: {{done}} von {{total}}',
  'handover.done': 'Alles ist dort und wurde Stück für Stück geprüft.',
  'handover.doneIdentity':
    'Der Browser bekommt dort eigene Schlüssel. Lass ihn als neues Gerät hinein: „Weiteres Gerät verbinden“ hier in den Einstellungen.',
  'handover.removeText':
    'Wenn dort alles stimmt, entferne den Raum von dieser Adresse, damit es ihn nicht zweimal gibt.',
  'handover.remove': 'Hier entfernen …',
  'handover.arrived': 'Der Raum ist da',
  'handover.arrivedText':
    'Ein Schritt fehlt noch: Er braucht eigene Schlüssel. Wähle an der alten Adresse in den Einstellungen „Weiteres Gerät verbinden“ und gib den Code hier ein.',
  'handover.enrol': 'Code eingeben',
  'handover.later': 'Später',
  'handover.refused': 'Nicht angenommen. Nichts wurde übergeben.',
  'handover.failed': 'Abgebrochen: {{message}}. Hier ist nichts anders, und dort bleibt nichts.',
  'handover.noWindow': 'der Browser hat kein Fenster geöffnet',
  'handover.closed': 'das andere Fenster wurde geschlossen',
  'handover.noOpener': 'Diese Seite öffnet die App an deiner alten Adresse. Fang dort an.',
};
