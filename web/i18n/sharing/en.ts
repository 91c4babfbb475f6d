/** English words of sharing documents with people; fetched when they are needed. Flat keys; `{{name}}` marks a value. */
export const en = {
  'share.title': 'Share “{{title}}”',
  'share.menu': 'Share…',
  'share.remove': 'Remove from my documents',
  'share.unclaimed': 'To share with people, you need a name they can see.',
  'share.addName': 'Add a name',
  'share.with': 'With whom?',
  'share.withHint': 'A name from your people, or any domain',
  'share.notContact': 'Not a contact yet',
  'share.connectFirst':
    'Only those who know you take what you share: who follows you, or is connected with you.',
  'share.connect': 'Ask {{name}} to connect',
  'share.asked': '{{name}} is asked. Share once they agree.',
  'share.level': 'What {{name}} may do',
  'share.level.read': 'Can read',
  'share.level.comment': 'Can comment',
  'share.level.write': 'Can edit',
  'share.level.admin': 'Can edit',
  'share.commentNote': 'So far comments need the right to edit: with this they read them.',
  'share.share': 'Share',
  'share.list': 'Who has it',
  'share.none': 'Nobody else has it yet.',
  'share.revoke': 'Take back from {{name}}',
  'share.revokeNote':
    'Who loses a share gets nothing that is written from then on. What they already have stays with them.',
  'share.ended': 'Taken back',
  'share.state.waiting': 'Waiting to be sent',
  'share.state.sent': 'Sent',
  'share.state.delivered': 'Delivered',
  'share.state.refused': 'Refused: {{reason}}',
  'share.retry': 'Retry',
  'share.close': 'Close',
  'share.failed': 'That did not work: {{message}}',

  'room.whose': 'A document of {{name}}',
  'room.read': 'You can read it.',
  'room.comment': 'You can read it and its comments.',
  'room.write': 'You can edit it.',
  'room.admin': 'You can edit it.',
  'room.open': 'Everything here is saved with {{name}} too.',
  'room.sending': 'On the way to {{name}}…',
  'room.connecting': 'Asking the relay of {{name}}…',
  'room.offline': 'The relay of {{name}} is away. The whole document is on this device.',
  'room.offlineUnsent':
    'The relay of {{name}} is away. What you wrote is on this device and goes there when it is back.',
  'room.refused': 'The relay of {{name}} does not let you in: {{reason}} What you have stays here.',
  'room.ended': 'It is not shared with you any more, since {{date}}. What you have stays here, to read.',
  'room.owner': 'by {{name}}',
} as const;

export type SharingKey = keyof typeof en;
export type SharingDictionary = Record<SharingKey, string>;
