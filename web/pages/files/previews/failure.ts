import { t } from '../../../i18n/files/translate.ts';

/** Why an address of a file gave nothing, in words: an `img` or `video` itself does not tell. */
export async function readFailure(url: string): Promise<string> {
  try {
    const response = await fetch(url, { headers: { range: 'bytes=0-0' } });
    if (!response.ok) return t('files.preview.failed', { message: (await response.text()).slice(0, 300) });
    await response.body?.cancel();
    return t('files.preview.none');
  } catch {
    return t('files.preview.away'); // nobody answered: neither this device nor the relay
  }
}
