import type { Row } from './row.ts';
import { apiMe } from './rows/api-me.ts';
import { blobDownload } from './rows/blob-download.ts';
import { blobUpload } from './rows/blob-upload.ts';
import { coldOpen } from './rows/cold-open.ts';
import { countersignRow } from './rows/countersign.ts';
import { deliveryCpu } from './rows/delivery-cpu.ts';
import { fanOutRow } from './rows/fan-out.ts';
import { history } from './rows/history.ts';
import { idleMemory } from './rows/idle-memory.ts';
import { inboxDurable } from './rows/inbox-durable.ts';
import { inboxVerify } from './rows/inbox-verify.ts';
import { killAcked } from './rows/kill-acked.ts';
import { manyDocuments } from './rows/many-documents.ts';
import { pdsRow } from './rows/pds.ts';
import { readersRow } from './rows/readers.ts';
import { roundTrips } from './rows/round-trip.ts';
import { relayMemory, relayStart } from './rows/relay-rest.ts';
import { search } from './rows/search.ts';
import { solidRow } from './rows/solid.ts';
import { syncReturn } from './rows/sync-return.ts';
import { webFirstPaint } from './rows/web-first-paint.ts';
import { webKeystroke } from './rows/web-keystroke.ts';
import { webOpenEditable, webOpenText } from './rows/web-open.ts';
import { webScriptEditor, webScriptShell } from './rows/web-script.ts';

/** The list of measurements: a new one is a file in `rows/` and a line here. */
export const rows: readonly Row[] = [
  ...roundTrips,
  readersRow,
  ...manyDocuments,
  ...idleMemory,
  coldOpen,
  ...killAcked,
  inboxVerify,
  inboxDurable,
  countersignRow,
  pdsRow,
  deliveryCpu,
  fanOutRow,
  blobDownload,
  blobUpload,
  solidRow,
  apiMe,
  relayStart,
  relayMemory,
  search,
  history,
  syncReturn,
  webOpenText,
  webOpenEditable,
  webKeystroke,
  webScriptShell,
  webScriptEditor,
  webFirstPaint,
];
