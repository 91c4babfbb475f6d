/**
 * Every type of document by the `type` of its entry (SPEC J1), with the content type under which it is shared (SPEC J14).
 * What it is without a screen stands in models.ts; what shows it, in the shell's list of apps.
 */
export const documentTypes = {
  text: 'islet/text',
  quill: 'cloudillo/quillo',
  board: 'islet/board',
  whiteboard: 'islet/whiteboard',
} as const;
export type DocumentTypeId = keyof typeof documentTypes;

/** Types of entries that open as a document; `other` is kept and cannot be shown. */
export const documentTypeIds: readonly string[] = [...Object.keys(documentTypes), 'other'];
