/** The longest side of a picture inside a document, in pixels, and the most characters of its address. */
const LONGEST_SIDE = 1280;
const MOST = 500_000;
const QUALITIES = [0.85, 0.7, 0.5];

/**
 * A picture as a `data:` address, made small enough to travel with the text: what is inside the document is seen by
 * everybody who has it, on whichever node. Drawn anew, so that nothing of where it was taken goes along.
 * @throws Error with the given words when the browser cannot open it or it stays too large
 */
export async function embedPicture(file: Blob, words: string): Promise<string> {
  const bitmap = await createImageBitmap(file).catch((cause: unknown) => {
    throw new Error(words, { cause });
  });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  );
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  for (const quality of QUALITIES) {
    const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
    const address = await readAddress(blob);
    if (address.length <= MOST) return address;
  }
  throw new Error(words);
}

function readAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('the picture could not be read'));
    reader.readAsDataURL(blob);
  });
}
