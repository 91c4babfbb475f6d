/** Threats and faults, the gravest first: what each trial names as its rows. `C`: critical, `H`: high, `M`: middle. */
export const rows = {
  C1: 'tricks with algorithms and headers of tokens: only ES384 by the issuer’s own keys is taken, and no address in a header is asked',
  C2: 'signatures that no key makes, of a wrong length or in another encoding are refused',
  C3: 'the same statement under another valid signature has no second effect',
  C4: 'no form of a name leads to another identity',
  C5: 'a token opens nothing but what it was made for',
  C6: 'a delegation gives no more than its chain had, for its time, to its device',
  C7: 'after a removal is known nothing of the removed device is taken',
  C8: 'what was acknowledged survives a crash, once',
  C9: 'what was acknowledged was on the disk before',
  C10: 'no name makes the relay connect to what is not public',
  C11: 'files of others never run as a page of ours',
  C12: 'texts and names of others never become a script',
  C13: 'embedded apps of others stay in their box',
  C14: 'a relay that lies is noticed',
  C14b: 'a device that a relay adds, and an action that it invents, is noticed',
  C15: 'what is absent is not deleted, and what deletes much waits for a person',
  C16: 'what a copy of a document lacks is seen and mended',
  H1: 'storage that a browser took away is noticed and filled again',
  H2: 'storage that fails is said, and never called saved',
  H3: 'tabs, of one build or of two, lose and double nothing',
  H4: 'an update of the app leaves no blank page',
  H5: 'drafts survive cuts of the connection: each is signed once, in order',
  H6: 'clocks that are years off change what the table says and nothing else',
  H7: 'neighbours that are away, slow or busy hold up nobody else',
  H8: 'what is lost, doubled or late on the way between relays has one effect',
  H9: 'a disk that is full, read-only or fails loses nothing that was acknowledged',
  H10: 'flipped bits are noticed and never served',
  H11: 'archives and copies come back whole, on another machine too',
  H12: 'hostile frames and bodies hold up nobody else',
  M1: 'pages of other origins do nothing in the name of who visits them',
  M2: 'no name opens a file outside its folder',
  M3: 'no secret stands in a log, an address or a refusal',
  M4: 'packages are pinned, and run nothing when they are installed',
} as const;

export type Row = keyof typeof rows;

/** What is not tried, with the reason. */
export const untried: Readonly<Partial<Record<Row, string>>> = {
  C13: 'not built: there are no embedded apps',
};
