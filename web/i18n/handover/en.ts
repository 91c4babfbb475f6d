export const en = {
  'handover.title': 'To another address of the app',
  'handover.what':
    'What a browser keeps belongs to the address under which you opened the app. Here you bring a copy of this space to another address, in this browser.',
  'handover.address': 'Address of the app there',
  'handover.addressText':
    'Type it yourself, and only one that you trust: it gets everything that is in this space.',
  'handover.start': 'Open it there',
  'handover.badAddress': 'This is not another address of the app. It begins with https://.',
  'handover.opening': 'Waiting for the other window. Answer there.',
  'handover.offer': '{{from}} hands over a space',
  'handover.offerText':
    '{{name}}, with {{entries}} documents, files and folders. It becomes a space of its own here.',
  'handover.unnamed': 'A space without a name',
  'handover.take': 'Take it',
  'handover.refuse': 'No',
  'handover.running': 'Copying and checking: {{done}} of {{total}}',
  'handover.done': 'Everything is there, and was checked piece by piece.',
  'handover.doneIdentity':
    'This browser gets keys of its own there. Let it in as a new device: “Link another device” in Settings here.',
  'handover.removeText':
    'When all is well there, remove the space from this address, so that there are not two.',
  'handover.remove': 'Remove it here …',
  'handover.arrived': 'The space is here',
  'handover.arrivedText':
    'One step is left: it needs keys of its own. At the old address choose “Link another device” in Settings, and enter its code here.',
  'handover.enrol': 'Enter the code',
  'handover.later': 'Later',
  'handover.refused': 'It was not taken. Nothing was handed over.',
  'handover.failed': 'It stopped: {{message}}. Nothing was changed here, and nothing is kept there.',
  'handover.noWindow': 'the browser opened no window',
  'handover.closed': 'the other window was closed',
  'handover.noOpener': 'This page is opened by the app at your old address. Begin there.',
};

export type HandoverDictionary = typeof en;
