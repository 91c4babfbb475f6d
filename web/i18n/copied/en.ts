/** Words for keys that were used in two places. Flat keys; `{{name}}` marks a value. */
export const en = {
  'choose.what':
    'The keys of this device were used in two places on {{date}}, as when its browser profile is copied. Nothing that either of them says counts until you have decided.',
  'choose.how':
    'Open Islet in the browser that is yours: under Settings, This device, it shows three words. Choose the keys with the same words here.',
  'choose.list': 'Keys of “{{name}}”',
  'choose.first': 'Renewed first, {{time}}',
  'choose.second': 'Renewed again, {{time}}',
  'choose.agent': 'from {{agent}}',
  'choose.right': 'These keys are right',
  'choose.rightWords': 'These keys are right: {{words}}',
  'choose.done': 'The keys “{{words}}” are right. The others are out for good.',
  'choose.unsure':
    'No browser of yours shows these words, or you do not know which is yours? Then remove this device, and connect your browser anew.',
  'own.words': 'The keys of this browser:',
  'own.what':
    'The keys of this device were used in two places, as when its browser profile is copied or put back from a backup. Both browsers are stopped, so that whoever has the copy can do nothing in your name.',
  'own.right':
    'If this browser is yours: open Islet on another of your devices, go to Settings, Devices, and choose the keys with these three words. Everything you write here meanwhile is kept, and goes out then.',
  'own.alone':
    'You have no other device? A new browser comes in with your recovery kit, a password or a passkey, and can say it. Whoever runs your relay can also say that the keys that came first are right.',
  'own.copy':
    'If this browser is the copy, remove the space from it, and say on another device that the other keys are right.',
  'own.remove': 'Remove it from this browser…',
  'own.stays':
    'What stays: everything that {{idTag}} has at its relay and on its other devices. This browser stays in the list of its devices until you say on another one which keys are right.',
  'own.unsent':
    'Not at the relay yet: {{count}}. As long as this browser is stopped, nothing of it gets there.',
};

export type CopiedDictionary = Record<keyof typeof en, string>;
