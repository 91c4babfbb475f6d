export const en = {
  'spaces.menu': 'Spaces: {{name}}',
  'spaces.title': 'Spaces in this browser',
  'spaces.text':
    'A space has its own name, documents, files, people and keys. What is in one is never seen in another. Press G and then its number to go there.',
  'spaces.unnamed': 'Private space',
  'spaces.unnamedAt': 'Space {{place}}',
  'spaces.here': 'This tab',
  'spaces.unread': '{{name}}, {{count}} new',
  'spaces.new': 'New space',
  'spaces.settings': 'Name, colour, remove …',
  'spaces.go': 'Go there',
  'spaces.goTo': 'Go to {{name}}',
  'spaces.name': 'What you call it here',
  'spaces.nameText': 'Only you see it, in this browser.',
  'spaces.colour': 'Colour',
  'spaces.colour.auto': 'By its name',
  'spaces.colour.at': 'Colour {{place}}',
  'spaces.handover': 'To another address of the app …',
  'spaces.remove': 'Remove from this browser …',
  'spaces.removeTitle': 'Remove {{name}} from this browser?',
  'spaces.goes.one':
    'What goes: the documents, files and keys that this browser keeps of it, {{count}} entry.',
  'spaces.goes.other':
    'What goes: the documents, files and keys that this browser keeps of it, {{count}} entries.',
  'spaces.stays':
    'What stays: everything that {{idTag}} has at its relay and on its other devices. This browser is taken off the list of its devices.',
  'spaces.onlyDevice':
    'This is the only device of {{idTag}}. Its relay keeps what it has, but nobody gets in again without the recovery kit or another way in.',
  'spaces.noIdentity': 'It has no name, so nothing of it is anywhere else. It cannot be brought back.',
  'spaces.unsent': 'Not at the relay yet: {{count}}. It is waited for; leave this open while you are online.',
  'spaces.sure': 'Remove it with everything that is only here',
  'spaces.removeNow': 'Remove',
  'spaces.removing': 'Removing …',
  'spaces.cancel': 'Keep it',
  'spaces.close': 'Close',
  'spaces.failed': 'It was not removed: {{message}}',
  'spaces.gone': 'The space is gone from this browser.',
};

export type SpacesDictionary = typeof en;
export type SpacesKey = keyof SpacesDictionary;
