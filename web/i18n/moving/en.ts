export const en = {
  'moving.title': 'Move house',
  'moving.text':
    'An archive holds everything that {{idTag}} has at its relay: documents with their history, what was said, files, people, devices. Another relay takes it in, and everything goes on there.',
  'moving.noKit':
    'There is no recovery kit yet. Without one the archive has no identity key: the new relay makes another, and your neighbours see a change. Make a kit first.',
  'moving.secret': 'Whoever has the archive can read what is in it. Keep it as you keep your documents.',
  'moving.copy': 'Make an archive',
  'moving.move': 'Move to another relay …',
  'moving.moveTitle': 'Move {{idTag}} to another relay?',
  'moving.moveText':
    'From now on this relay takes nothing new: you go on writing on your devices, and neighbours keep what they have for you until you are there. You can stay after all, as long as you have not said that you have moved.',
  'moving.moveNow': 'Close and make the archive',
  'moving.making': 'The archive is being made: {{percent}}',
  'moving.ready': 'The archive of {{when}} is ready: {{size}}.',
  'moving.missing': '{{count}} files could not be read here and are not in it.',
  'moving.failed': 'The archive could not be made. Try again.',
  'moving.cancel': 'Cancel',
  'moving.download': 'Download',
  'moving.remove': 'Delete the archive',
  'moving.closed': 'This relay is closed for the move. It takes nothing new.',
  'moving.next':
    'Start the new relay for {{idTag}}, let the name point to it, open the link “With an archive” that it prints, and choose the file. Then say here that you have moved.',
  'moving.stay': 'Stay here after all',
  'moving.moved': 'I have moved',
  'moving.movedTitle': 'Has {{idTag}} moved?',
  'moving.movedText':
    'This relay will say and take nothing for {{idTag}} any more. That cannot be undone. Say it once everything is at the new relay.',
  'moving.isMoved': '{{idTag}} has moved. This relay does nothing for it any more.',
  'moving.away': 'The relay cannot be reached. Archives are made there.',
  'moving.mayNot': 'This device may not make archives.',
  'moving.close': 'Close',
  'leave.title': 'Delete this account',
  'leave.text': 'Everything that {{idTag}} has at its relay is deleted, and the relay forgets the name.',
  'leave.button': 'Delete the account …',
  'leave.dialog': 'Delete {{idTag}} for good?',
  'leave.goes':
    'What goes: all documents with their history, files, posts, messages, people, devices, archives and keys at the relay. Nobody can bring them back, and the recovery kit is of no more use.',
  'leave.told': 'Everybody whom you follow or are connected with is told that this is over.',
  'leave.stays':
    'What stays: what others have received from you, what this browser and your other devices hold, and archives that you downloaded.',
  'leave.name': 'Type {{idTag}} to delete it',
  'leave.now': 'Delete for good',
  'leave.deleting': 'Deleting …',
  'leave.done': '{{idTag}} was deleted. What this browser holds is still here.',
  'arrive.title': 'I have an archive',
  'arrive.intro':
    'Everything that is in the archive of your old relay comes to this one. It is checked whole before anything is taken in; if this page or the relay stops, choose the same file again and it goes on.',
  'arrive.choose': 'Choose the archive',
  'arrive.noToken': 'Open the link “With an archive” that the relay printed when it started.',
  'arrive.sending': 'Sending: {{percent}}',
  'arrive.checking': 'Checking every part: {{percent}}',
  'arrive.taking': 'Taking it in: {{percent}}',
  'arrive.checked': 'The archive of {{idTag}}, made on {{when}}, is whole.',
  'arrive.kit': 'Open the identity key with the recovery kit',
  'arrive.kitText': 'Then you are the same as before to everybody.',
  'arrive.kitFile': 'Choose the kit',
  'arrive.kitHere': 'Kit of {{idTag}}',
  'arrive.passphrase': 'Passphrase of the kit',
  'arrive.take': 'Move in',
  'arrive.without': 'Move in without the kit',
  'arrive.withoutText':
    'A new identity key is made. Everything is there, but your neighbours see that your key has changed.',
  'arrive.failed': 'That did not work: {{message}}',
  'arrive.again': 'Choose a file again',
  'arrive.done': '{{idTag}} lives here now. Everything is here.',
  'arrive.doneText':
    'Your devices go on as soon as the name points to this relay. This browser comes in by the recovery kit, or by another device.',
  'arrive.recover': 'Bring this browser in',
  'arrive.open': 'Open',
};

export type MovingDictionary = Record<keyof typeof en, string>;
