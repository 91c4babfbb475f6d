import { describe, expect, test } from 'vitest';
import { createPicture } from '../test/pictures.ts';
import { cleanFileName, formatDisposition, showAs } from './content-type.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const show = (name: string, format: string, head: Uint8Array, contentType = 'application/octet-stream') =>
  showAs({ name, format }, contentType, head);
const hidden = { type: 'application/octet-stream', inline: false };

describe('B6: what bytes are answered as', () => {
  test.each(['jpeg', 'png', 'gif', 'webp', 'avif'] as const)(
    'B6: %s that begins as one is shown',
    async (format) => {
      const picture = await createPicture(format, 4, 3);
      expect(show('vis.md', format, picture)).toEqual({ type: `image/${format}`, inline: true });
      expect(show('vis.md', format === 'png' ? 'gif' : 'png', picture)).toEqual(hidden);
      expect(show('raw.orig', 'bin', picture)).toEqual(hidden);
      expect(show('raw.orig', 'html', picture, 'text/html')).toEqual(hidden);
    },
  );

  test.each([
    ['vid.orig', 'mp4', '\0\0\0\x20ftypisom\0\0\x02\0', 'video/mp4'],
    ['aud.orig', 'm4a', '\0\0\0\x20ftypM4A \0\0\x02\0', 'audio/mp4'],
    ['vid.orig', 'webm', '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm', 'video/webm'],
    ['aud.orig', 'webm', '\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm', 'audio/webm'],
    ['vid.orig', 'ogg', 'OggS\0\x02', 'video/ogg'],
    ['aud.orig', 'mp3', 'ID3\x04\0', 'audio/mpeg'],
    ['aud.orig', 'mp3', '\xff\xfb\x90', 'audio/mpeg'],
    ['aud.orig', 'wav', 'RIFF\x24\0\0\0WAVEfmt ', 'audio/wav'],
    ['aud.orig', 'flac', 'fLaC\0', 'audio/flac'],
  ])('B6: %s %s is shown', (name, format, head, type) => {
    expect(show(name, format, bytes(head))).toEqual({ type, inline: true });
    expect(show(name, format, bytes(`<html>${head}`))).toEqual(hidden);
  });

  test.each([
    ['raw.orig', 'html', '<!doctype html>', 'text/html'],
    ['vis.orig', 'svg', '<svg xmlns="http://www.w3.org/2000/svg">', 'image/svg+xml'],
    ['vis.orig', 'png', '<svg xmlns="http://www.w3.org/2000/svg">', 'image/png'],
    ['vis.md', 'jpeg', '<script>alert(1)</script>', 'image/jpeg'],
    ['raw.orig', 'js', 'alert(1)', 'text/javascript'],
    ['raw.orig', 'xml', '<?xml version="1.0"?>', 'application/xml'],
    ['vid.orig', 'mp4', '\0\0\0\x20ftypqt  ', 'video/mp4'],
    ['vid.orig', 'webm', '\x1a\x45\xdf\xa3\x42\x82\x88matroska', 'video/webm'],
    ['raw.orig', 'txt', 'a\0b', 'text/plain'],
    ['vis.md', 'png', '', 'image/png'],
  ])('B6: %s %s %j is not', (name, format, head, contentType) => {
    expect(show(name, format, bytes(head), contentType)).toEqual(hidden);
  });

  test('B6: plain text is shown as that and no more; PDF is handed over', () => {
    const text = { type: 'text/plain; charset=utf-8', inline: true };
    expect(show('raw.orig', 'txt', bytes('<b>hello'), 'text/plain')).toEqual(text);
    expect(show('doc.orig', 'pdf', bytes('%PDF-1.7'))).toEqual({ type: 'application/pdf', inline: false });
  });
});

describe('B6: file names', () => {
  test.each([
    ['../../etc/passwd', 'etcpasswd'],
    ['..\\..\\boot.ini', 'boot.ini'],
    ['C:\\evil.exe', 'Cevil.exe'],
    ['a\0b\r\nset-cookie: x=1', 'abset-cookie x=1'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u2066a\u2069\u200f\ufeff.txt', 'a.txt'],
    ['a"b\';c.txt', "ab';c.txt"],
    ['...', ''],
    ['\ud800x', '\ufffdx'],
    ['Überblick 2026.pdf', 'Überblick 2026.pdf'],
  ])('B6: %j becomes %j', (name, clean) => {
    expect(cleanFileName(name)).toBe(clean);
  });

  test('B6: long ones are cut before their ending', () => {
    const name = cleanFileName(`${'ü'.repeat(300)}.webp`);
    expect(name).toHaveLength(150);
    expect(name.endsWith('ü.webp')).toBe(true);
  });

  test('B6: an ASCII name for old clients beside the true one (RFC 6266)', () => {
    expect(formatDisposition(true, 'sea.webp')).toBe('inline; filename="sea.webp"');
    expect(formatDisposition(false, '')).toBe('attachment');
    expect(formatDisposition(false, "Ü 100%'s (1).txt")).toBe(
      `attachment; filename="_ 100__s (1).txt"; filename*=UTF-8''%C3%9C%20100%25%27s%20%281%29.txt`,
    );
    expect(formatDisposition(false, 'x\u{1F600}.png')).toMatch(/^[\x20-\x7e]+$/);
  });
});
