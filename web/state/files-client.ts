import { createFileWork } from '../client/files/file-work.ts';
import { createFiles, type Files } from '../client/files/files.ts';
import { database, random } from './documents.ts';
import { openText } from './text-app.ts';

let opening: Promise<Files> | undefined;

/** The files of this page, opened at first use. A failed opening is tried again next time. */
export function openFiles(): Promise<Files> {
  opening ??= open().catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open(): Promise<Files> {
  const [db, { documents }] = await Promise.all([database(), openText()]);
  return createFiles({ db, documents, work: createFileWork(), now: () => Date.now(), random });
}
