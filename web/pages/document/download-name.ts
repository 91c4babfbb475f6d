/** A file name for a title: without characters that some system refuses, at most 80 characters, `.md`. */
export function downloadName(title: string): string {
  const kept = [...title.normalize('NFC')]
    .map((char) => (/[\p{Cc}\p{Cf}\\/:*?"<>|]/u.test(char) ? ' ' : char))
    .join('')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return `${[...kept].slice(0, 80).join('').trim() || 'Untitled'}.md`;
}
