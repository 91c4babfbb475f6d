import type { SetupDictionary } from './en.ts';

/** Deutsche Wörter der Seite, die ein Einrichtungslink öffnet. */
export const de: SetupDictionary = {
  'first.named':
    'Dieser Link macht diesen Browser zum ersten Gerät von {{idTag}}. Was hier geschrieben ist, geht an dessen Relay.',
  'holds.text':
    'Dieser Browser hat {{idTag}} schon. Wenn das Relay nichts mehr hat, kann dieser Browser es mit diesem Link füllen.',
  'holds.go': 'Nachsehen, was dem Relay fehlt',
  'another.text':
    'Dieser Browser spricht für {{own}}. Dieser Link richtet {{idTag}} ein: in einem eigenen Raum dieses Browsers, und nichts von beiden vermischt sich.',
  'another.textUnnamed':
    'Dieser Browser spricht für {{own}}. Dieser Link richtet eine andere Identität ein: in einem eigenen Raum dieses Browsers, und nichts von beiden vermischt sich.',
  'another.start': 'In einem neuen Raum einrichten',
};
