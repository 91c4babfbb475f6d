import type { SharingDictionary } from './en.ts';

/** German words of sharing documents. */
export const de: SharingDictionary = {
  'share.title': '„{{title}}“ teilen',
  'share.menu': 'Teilen…',
  'share.remove': 'Aus meinen Dokumenten entfernen',
  'share.unclaimed': 'Um mit Leuten zu teilen, brauchst du einen Namen, den sie sehen.',
  'share.addName': 'Namen hinzufügen',
  'share.with': 'Mit wem?',
  'share.withHint': 'Ein Name aus deinen Leuten, oder eine Domain',
  'share.notContact': 'Noch kein Kontakt',
  'share.connectFirst':
    'Nur wer dich kennt, nimmt an, was du teilst: wer dir folgt oder mit dir verbunden ist.',
  'share.connect': '{{name}} um Verbindung bitten',
  'share.asked': '{{name}} ist gefragt. Teile, sobald sie zustimmen.',
  'share.level': 'Was {{name}} darf',
  'share.level.read': 'Darf lesen',
  'share.level.comment': 'Darf kommentieren',
  'share.level.write': 'Darf bearbeiten',
  'share.level.admin': 'Darf bearbeiten',
  'share.commentNote':
    'Kommentieren braucht bisher das Recht zu bearbeiten: so lesen sie die Kommentare nur.',
  'share.share': 'Teilen',
  'share.list': 'Wer es hat',
  'share.none': 'Noch hat es sonst niemand.',
  'share.revoke': 'Von {{name}} zurücknehmen',
  'share.revokeNote':
    'Wer eine Freigabe verliert, bekommt nichts mehr, was von da an geschrieben wird. Was sie schon haben, bleibt bei ihnen.',
  'share.ended': 'Zurückgenommen',
  'share.state.waiting': 'Wartet aufs Senden',
  'share.state.sent': 'Gesendet',
  'share.state.delivered': 'Zugestellt',
  'share.state.refused': 'Abgelehnt: {{reason}}',
  'share.retry': 'Noch einmal',
  'share.close': 'Schließen',
  'share.failed': 'Das ging nicht: {{message}}',

  'room.whose': 'Ein Dokument von {{name}}',
  'room.read': 'Du darfst es lesen.',
  'room.comment': 'Du darfst es und seine Kommentare lesen.',
  'room.write': 'Du darfst es bearbeiten.',
  'room.admin': 'Du darfst es bearbeiten.',
  'room.open': 'Alles hier ist auch bei {{name}} gespeichert.',
  'room.sending': 'Unterwegs zu {{name}} …',
  'room.connecting': 'Das Relay von {{name}} wird gefragt …',
  'room.offline':
    'Das Relay von {{name}} ist gerade nicht erreichbar. Das ganze Dokument ist auf diesem Gerät.',
  'room.offlineUnsent':
    'Das Relay von {{name}} ist weg. Was du geschrieben hast, ist auf diesem Gerät und geht dorthin, wenn es wieder da ist.',
  'room.refused': 'Das Relay von {{name}} lässt dich nicht hinein: {{reason}} Was du hast, bleibt hier.',
  'room.ended': 'Es ist seit {{date}} nicht mehr mit dir geteilt. Was du hast, bleibt hier, zum Lesen.',
  'room.owner': 'von {{name}}',
};
