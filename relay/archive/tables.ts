/** The order in which an archive names the tables that belong to an identity. Each has a column `id_tag`. */
export const movedTables: readonly string[] = [
  'identities',
  'identity_keys',
  'device_log',
  'delegations',
  'actions',
  'deliveries',
  'twins',
  'relations',
  'pins',
  'histories',
  'files',
  'file_blobs',
  'attachments',
  'holdings',
  'sync_batches',
  'room_rows',
  'sightings',
  'suspensions',
  'readmissions',
  'ways',
  'quarantine',
  'quarantine_blobs',
  'tellings',
  'services',
  'linked',
];

/**
 * What an archive leaves behind: what only this relay knows or needs, what is worked out anew, and what would be wrong elsewhere. The
 * test beside this file holds that every table is in one of the two lists.
 */
export const leftTables: readonly string[] = [
  ...[
    'setups',
    'links',
    'chains',
    'assertions',
    'tries',
    'verifications',
    'uploads',
    'quotas',
    'room_states',
  ],
  ...['absences', 'profiles', 'unreferenced', 'damages', 'chores', 'probes', 'exports', 'imports', 'moves'],
  ...['names', 'invitations', 'seen_links', 'allowances'],
];

/** Of the tables that an archive leaves, those that have nothing of an identity by `id_tag`. */
export const sharedTables: readonly string[] = [
  ...['absences', 'profiles', 'unreferenced', 'damages', 'chores', 'probes'],
  ...['names', 'invitations', 'seen_links', 'allowances'],
];

/** Columns that are not taken along: sealed under a secret of the relay, or numbered by it. */
export const leftColumns: Readonly<Record<string, readonly string[]>> = {
  identity_keys: ['sealed'],
  deliveries: ['id'],
};
