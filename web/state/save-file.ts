/** A name for a file: without characters that some system refuses, at most 80 characters. */
export function fileName(title: string): string {
  const kept = [...title.normalize('NFC')]
    .map((char) => (/[\p{Cc}\p{Cf}\\/:*?"<>|]/u.test(char) ? ' ' : char))
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return [...kept].slice(0, 80).join('').trim() || 'Untitled';
}

/** Gives a file to the person, as a download. `ending` has its dot. */
export function saveFile(file: Blob, title: string, ending: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName(title) + ending;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
