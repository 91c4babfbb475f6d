import type { Trial } from './trial.ts';

/** What is tried, the gravest first. */
export const trials: readonly Trial[] = [
  {
    name: 'tokens',
    rows: ['C1', 'C2'],
    holds:
      'Changed, forged and malformed tokens of every type are refused, and no header makes the relay fetch anything.',
    tests: [
      'relay/test/mutated-tokens.test.ts',
      'relay/test/signatures.test.ts',
      'relay/test/bad-input.test.ts',
      'shared/token/compact.test.ts',
    ],
  },
  {
    name: 'once',
    rows: ['C3', 'H8'],
    holds:
      'What comes twice, late, as a malleable twin, in another order, or around a restart has one effect.',
    tests: ['relay/test/once.test.ts', 'relay/test/delivery-faults.test.ts'],
  },
  {
    name: 'scopes',
    rows: ['C5'],
    holds:
      'A token opens the door that it was made for, at the identity, for the device and the document it names, and no other.',
    tests: ['relay/test/scopes.test.ts', 'relay/test/access.test.ts', 'relay/test/rooms-access.test.ts'],
  },
  {
    name: 'delegations',
    rows: ['C6'],
    holds: 'Every chain is judged as a second, separate judgement does; rights only shrink.',
    tests: ['shared/device'],
  },
  {
    name: 'revocation',
    rows: ['C7'],
    holds:
      'Nothing is accepted once a removal is known, however revoking, renewing, drafting and delivering interleave.',
    tests: ['relay/test/interleavings.test.ts'],
  },
  {
    name: 'drafts',
    rows: ['H5'],
    holds:
      'Drafts that are written while the line is cut, keys are renewed and the browser is opened anew are signed once each, in order.',
    tests: ['test/renewal.test.ts'],
  },
  {
    name: 'kills',
    rows: ['C8'],
    holds: 'What was acknowledged is there after kill -9, once.',
    tests: [
      'assurance/kill',
      'relay/test/kill.test.ts',
      'relay/test/upload-kill.test.ts',
      'relay/test/rooms-kill.test.ts',
      'relay/test/moving-kill.test.ts',
    ],
  },
  {
    name: 'trace',
    rows: ['C9'],
    holds:
      'What is answered was on the disk before, as a trace of the system calls shows: file, name and folder.',
    tests: ['assurance/trace/trace.test.ts', 'assurance/trace/judge.test.ts'],
  },
  {
    name: 'cut-logs',
    rows: ['C9'],
    holds: 'A database whose log was cut anywhere opens, is sound, and has all that was answered by then.',
    tests: ['assurance/trace/cut-logs.test.ts'],
  },
  {
    name: 'system-calls',
    rows: ['H9'],
    holds: 'A system call that fails loses nothing that was answered and leaves no part of a file.',
    tests: ['assurance/trace/system-calls.test.ts', 'assurance/trace/start.test.ts'],
  },
  {
    name: 'disk',
    rows: ['H9'],
    holds:
      'A disk that is full, read-only or fails is said in words, leaves no half file, and is used again when it is well.',
    tests: ['relay/test/storage-faults.test.ts', 'relay/store'],
  },
  {
    name: 'bits',
    rows: ['H10'],
    holds: 'Flipped bits are noticed when they are read, and never served as sound.',
    tests: ['relay/store/blobs/flips.test.ts'],
  },
  {
    name: 'addresses',
    rows: ['C4', 'C10'],
    holds: 'No form of a name or address makes the relay connect to what is not public.',
    tests: [
      'relay/identity/addresses.test.ts',
      'relay/identity/canary.test.ts',
      'relay/test/private-addresses.test.ts',
    ],
  },
  {
    name: 'histories',
    rows: ['C15', 'C16'],
    holds:
      'Devices that edit, drop out, are restored from backups and come back end with one text, and lose none.',
    tests: [
      'test/histories.test.ts',
      'web/client/documents/tree-convergence.test.ts',
      'web/client/sync/healing.test.ts',
      'web/client/sync/mass-deletion.test.ts',
    ],
  },
  {
    name: 'lies',
    rows: ['C14', 'C14b'],
    holds: 'A relay that lies is noticed by the devices in each way that can be noticed.',
    tests: ['test/lying-relay.test.ts'],
  },
  {
    name: 'clock',
    rows: ['H6'],
    holds: 'Clocks that are years off change verdicts as the table says, and nothing else.',
    tests: ['relay/test/clock.test.ts'],
  },
  {
    name: 'sockets',
    rows: ['H12'],
    holds: 'Hostile frames, updates and bodies are refused within limits, and others go on.',
    tests: [
      'relay/test/flood.test.ts',
      'relay/test/rooms-hostile.test.ts',
      'relay/test/hostile-neighbour.test.ts',
      'relay/socket/rooms',
    ],
  },
  {
    name: 'copies',
    rows: ['H11'],
    holds:
      'A copy that is made under load is whole and of one moment; what is restored from one, or by a device, goes on where it was.',
    tests: ['relay/store/copies.test.ts', 'relay/test/restore.test.ts'],
  },
  {
    name: 'archives',
    rows: ['H11', 'M2'],
    holds: 'Hostile archives are refused and leave nothing behind.',
    tests: ['relay/test/hostile-archives.test.ts', 'relay/archive'],
  },
  {
    name: 'files',
    rows: ['C11'],
    holds: 'Hostile files never run as a page of ours.',
    tests: ['relay/test/hostile-files.test.ts', 'relay/files'],
  },
  {
    name: 'texts',
    rows: ['C12'],
    holds: 'Markdown, HTML, Word files and blocks of others become text and marks, and never a script.',
    tests: [
      'web/apps/text/markdown/markdown.test.ts',
      'web/apps/text/strange-nodes.test.ts',
      'web/apps/text/formats/html.test.ts',
      'web/apps/text/formats/docx.test.ts',
      'web/apps/text/formats/standalone.test.ts',
    ],
  },
  {
    name: 'updates',
    rows: ['H4'],
    holds: 'Over many builds nobody is given a page for a script, or a script of another build.',
    tests: ['relay/http/deploys.test.ts', 'relay/http/static.test.ts', 'relay/http/stop-worker.test.ts'],
  },
  {
    name: 'storage',
    rows: ['H1', 'H2'],
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
    name: 'federation',
    rows: ['H7', 'H8'],
    holds:
      'Over a wire that loses, doubles and delays, between relays that go and come back, everything has one effect; weeks pass in virtual time.',
    tests: ['assurance/federation', 'relay/delivery'],
  },
  {
    name: 'soak',
    rows: ['H12'],
    holds: 'A relay that is used all the time grows neither in memory nor in descriptors, and rests small.',
    tests: ['assurance/soak'],
    long: true,
  },
  {
    name: 'stopping',
    rows: ['C8'],
    holds: 'A relay that is told to stop answers what is under way, tells its sockets, and loses no queue.',
    tests: ['relay/test/stopping.test.ts'],
  },
  {
    name: 'doors',
    rows: ['M1', 'M2', 'M3', 'C4'],
    holds:
      'No door takes cookies or serves another origin as its own, no name leads out of a folder, and no secret is written to a log.',
    tests: ['relay/test/origins.test.ts', 'relay/test/traps.test.ts', 'relay/test/doors.test.ts'],
  },
  {
    name: 'packages',
    rows: ['M4'],
    holds:
      'Packages are pinned by hashes, and none runs anything when it is installed but the one that is named.',
    tests: ['test/dependencies.test.ts'],
  },
  {
    name: 'pages',
    rows: ['C11', 'C12'],
    holds: 'Files, texts and names of others are shown in Chromium without running.',
    tests: ['web/e2e/previews.spec.ts'],
    browser: true,
  },
  {
    name: 'tabs',
    rows: ['H3', 'H4'],
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
