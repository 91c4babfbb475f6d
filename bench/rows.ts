import type { Row } from './row.ts';
import { blobDownload } from './rows/blob-download.ts';
import { blobUpload } from './rows/blob-upload.ts';
import { fanOutRow } from './rows/fan-out.ts';
import { history } from './rows/history.ts';
import { inboxVerify } from './rows/inbox-verify.ts';
import { search } from './rows/search.ts';
import { syncReturn } from './rows/sync-return.ts';

/** The list of measurements: a new one is a file in `rows/` and a line here. */
export const rows: readonly Row[] = [
  inboxVerify,
  fanOutRow,
  blobDownload,
  blobUpload,
  search,
  history,
  syncReturn,
];
