import type { Trial } from './trial.ts';

/** What is tried, the gravest first. */
export const trials: readonly Trial[] = [
  {
    name: 'tokens',
    holds:
      'Changed, forged and malformed tokens of every type are refused, and no header makes the relay fetch anything.',
    tests: [
      'relay/test/mutated-tokens.test.ts',
      'relay/test/bad-input.test.ts',
      'shared/token/compact.test.ts',
    ],
  },
  {
    name: 'once',
    holds:
      'What comes twice, late, as a malleable twin, in another order, or around a restart has one effect.',
    tests: ['relay/test/once.test.ts', 'relay/test/delivery-faults.test.ts'],
  },
  {
    name: 'scopes',
    holds:
      'A token opens the door that it was made for, at the identity, for the device and the document it names, and no other.',
    tests: ['relay/test/scopes.test.ts', 'relay/test/access.test.ts', 'relay/test/rooms-access.test.ts'],
  },
  {
    name: 'delegations',
    holds: 'Every chain is judged as a second, separate judgement does; rights only shrink.',
    tests: ['shared/device'],
  },
  {
    name: 'revocation',
    holds:
      'Nothing is accepted once a removal is known, however revoking, renewing, drafting and delivering interleave.',
    tests: ['relay/test/interleavings.test.ts', 'test/renewal.test.ts'],
  },
  {
    name: 'kills',
    holds: 'What was acknowledged is there after kill -9, once.',
    tests: [
      'relay/test/kill.test.ts',
      'relay/test/upload-kill.test.ts',
      'relay/test/rooms-kill.test.ts',
      'relay/test/moving-kill.test.ts',
    ],
  },
  {
    name: 'disk',
    holds:
      'A disk that is full, read-only or fails is said in words, leaves no half file, and is used again when it is well.',
    tests: ['relay/test/storage-faults.test.ts', 'relay/store'],
  },
  {
    name: 'bits',
    holds: 'Flipped bits are noticed when they are read, and never served as sound.',
    tests: ['relay/store/blobs/flips.test.ts'],
  },
  {
    name: 'addresses',
    holds: 'No form of a name or address makes the relay connect to what is not public.',
    tests: [
      'relay/identity/addresses.test.ts',
      'relay/identity/canary.test.ts',
      'relay/test/private-addresses.test.ts',
    ],
  },
  {
    name: 'histories',
    holds:
      'Devices that edit, drop out, are restored from backups and come back end with one text, and lose none.',
    tests: ['test/histories.test.ts', 'web/client/documents/tree-convergence.test.ts'],
  },
  {
    name: 'lies',
    holds: 'A relay that lies is noticed by the devices in each way that can be noticed.',
    tests: ['test/lying-relay.test.ts', 'web/client/watch'],
  },
  {
    name: 'clock',
    holds: 'Clocks that are years off change verdicts as the table says, and nothing else.',
    tests: ['relay/test/clock.test.ts'],
  },
  {
    name: 'sockets',
    holds: 'Hostile frames, updates and bodies are refused within limits, and others go on.',
    tests: ['relay/test/rooms-hostile.test.ts', 'relay/test/hostile-neighbour.test.ts', 'relay/socket/rooms'],
  },
  {
    name: 'archives',
    holds: 'Hostile archives are refused and leave nothing behind.',
    tests: ['relay/test/hostile-archives.test.ts', 'relay/archive'],
  },
  {
    name: 'files',
    holds: 'Hostile files never run as a page of ours.',
    tests: ['relay/test/hostile-files.test.ts', 'relay/files'],
  },
  {
    name: 'storage',
    holds:
      'A browser whose storage fails or is taken away never calls safe what is not, and gets back what the relay has.',
    tests: [
      'web/client/documents/every-fault.test.ts',
      'web/client/documents/storage-faults.test.ts',
      'web/client/sync/eviction-states.test.ts',
      'web/client/store',
    ],
  },
  {
    name: 'tabs',
    holds: 'Tabs that are killed, and tabs of two builds, lose nothing that was called safe.',
    tests: [
      'web/e2e/tab-kills.spec.ts',
      'web/e2e/editing.spec.ts',
      'web/e2e/update.spec.ts',
      'web/e2e/where.spec.ts',
    ],
    browser: true,
  },
];
