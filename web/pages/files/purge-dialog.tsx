import { t, tCount } from '../../i18n/files/translate.ts';
import { fileItem } from '../../state/files.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './dialogs.css';
import { purge } from './operations.ts';
import { shownTitle } from './words.ts';

/** Deleting for good has no way back, so it is asked. The safe answer has the focus. */
export default function PurgeDialog(props: { ids: string[]; onClose: () => void }) {
  const words = () => {
    const item = fileItem(props.ids[0] ?? '');
    const title = item ? shownTitle(item) : '';
    return props.ids.length === 1 && item?.type !== 'folder'
      ? t('files.purgeFile', { title })
      : tCount('files.purgeText', props.ids.length, { title });
  };
  const confirm = () => {
    void purge(props.ids);
    props.onClose();
  };
  return (
    <Dialog open title={t('files.purgeTitle')} closeLabel={t('files.close')} onClose={() => props.onClose()}>
      <p>{words()}</p>
      <div class="dialog-foot">
        <button type="button" class="button" autofocus onClick={() => props.onClose()}>
          {t('files.cancel')}
        </button>
        <button type="button" class="button danger" onClick={confirm}>
          {t('files.purgeDo')}
        </button>
      </div>
    </Dialog>
  );
}
