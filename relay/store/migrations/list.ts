import type { Migration } from 'kysely';
import { start } from './0001-start.ts';
import { files } from './0002-files.ts';
import { neighbours } from './0003-neighbours.ts';
import { deliveries } from './0004-deliveries.ts';
import { reading } from './0005-reading.ts';
import { rooms } from './0006-rooms.ts';
import { twins } from './0007-twins.ts';
import { devices } from './0008-devices.ts';
import { waysIn } from './0009-ways-in.ts';
import { quarantine } from './0010-quarantine.ts';
import { identityKeys } from './0011-identity-keys.ts';
import { archives } from './0012-archives.ts';
import { names } from './0013-names.ts';
import { indexRows } from './0014-index-rows.ts';
import { quarantineBlobs } from './0015-quarantine-blobs.ts';
import { limits } from './0016-limits.ts';
import { renewals } from './0017-renewals.ts';

/** Every migration, in order; a name never changes once it has shipped. */
export const migrations: Record<string, Migration> = {
  '0001-start': start,
  '0002-files': files,
  '0003-neighbours': neighbours,
  '0004-deliveries': deliveries,
  '0005-reading': reading,
  '0006-rooms': rooms,
  '0007-twins': twins,
  '0008-devices': devices,
  '0009-ways-in': waysIn,
  '0010-quarantine': quarantine,
  '0011-identity-keys': identityKeys,
  '0012-archives': archives,
  '0013-names': names,
  '0014-index-rows': indexRows,
  '0015-quarantine-blobs': quarantineBlobs,
  '0016-limits': limits,
  '0017-renewals': renewals,
};
