import type { LaterContext } from '../later.ts';
import { schema } from '../schema.ts';

/** Has a picture chosen among the files of the device, keeps it, and puts it at the caret. */
export function pickPicture({ view, saveBlob, onError }: LaterContext): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = 'image/*';
  const take = async (file: File): Promise<void> => {
    const blob = await saveBlob(file);
    if (view.isDestroyed) return;
    const alt = file.name.replace(/\.[^.]*$/, '');
    view.dispatch(
      view.state.tr.replaceSelectionWith(schema.nodes.image.create({ alt, blob })).scrollIntoView(),
    );
    view.focus();
  };
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file !== undefined) take(file).catch(onError);
  });
  input.click();
}
