/** Words of the page that a setup link opens. Flat keys; `{{name}}` marks a value. */
export const en = {
  'first.named':
    'This link makes this browser the first device of {{idTag}}. What is written here goes to its relay.',
  'holds.text':
    'This browser holds {{idTag}} already. If its relay has nothing left, this browser can fill it with this link.',
  'holds.go': 'Look what the relay lacks',
  'another.text':
    'This browser speaks for {{own}}. This link sets up {{idTag}}: it gets a space of its own in this browser, and nothing of the two is mixed.',
  'another.textUnnamed':
    'This browser speaks for {{own}}. This link sets up another identity: it gets a space of its own in this browser, and nothing of the two is mixed.',
  'another.start': 'Set it up in a new space',
};

export type SetupDictionary = Record<keyof typeof en, string>;
