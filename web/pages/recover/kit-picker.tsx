import FileUp from 'lucide-solid/icons/file-up';
import QrCode from 'lucide-solid/icons/qr-code';
import { createSignal, createUniqueId, Show } from 'solid-js';
import { t } from '../../i18n/recovery/translate.ts';
import { parseKit, type RecoveryFailure, type RecoveryKit, toFailure } from '../../state/recovery.ts';
import { CameraScan, readCodeOf } from '../../ui/camera-scan.tsx';
import { FilePicker } from '../../ui/file-picker.tsx';

/** A kit from a file, a photo, the camera or a pasted text. */
export function KitPicker(props: {
  onKit: (kit: RecoveryKit) => void;
  onFailure: (failure: RecoveryFailure) => void;
}) {
  const pasteId = createUniqueId();
  const [scans, setScans] = createSignal(false);
  const read = async (text: Promise<string | undefined>) => {
    try {
      const found = await text;
      if (found === undefined) return props.onFailure({ reason: 'no-code', message: '' });
      const kit = await parseKit(found);
      setScans(false);
      props.onKit(kit);
    } catch (error) {
      props.onFailure(toFailure(error));
    }
  };
  const open = (file: File) => read(isPicture(file) ? readPicture(file) : file.text());
  return (
    <div class="kit-picker">
      <div class="kit-row">
        <FilePicker
          class="button"
          label={t('recover.file')}
          testId="kit-file"
          onPick={([file]) => file && void open(file)}
        >
          <FileUp size={16} />
          {t('recover.file')}
        </FilePicker>
        <button type="button" class="button" onClick={() => setScans(!scans())}>
          <QrCode size={16} />
          {t(scans() ? 'recover.stopScan' : 'recover.scan')}
        </button>
      </div>
      <p class="quiet-text small">{t('recover.fileHint')}</p>
      <Show when={scans()}>
        <CameraScan
          label={t('recover.camera')}
          onText={(text) => void read(Promise.resolve(text))}
          onError={() => {
            setScans(false);
            props.onFailure({ reason: 'refused', message: t('recover.noCamera') });
          }}
        />
      </Show>
      <details>
        <summary>{t('recover.paste')}</summary>
        <textarea
          id={pasteId}
          class="input mono kit-paste"
          rows={4}
          aria-label={t('recover.paste')}
          onChange={(event) => {
            const text = event.currentTarget.value;
            if (text.trim()) void read(Promise.resolve(text));
          }}
        />
      </details>
    </div>
  );
}

function isPicture({ type }: File): boolean {
  return type.startsWith('image/');
}

/** What cannot be opened as a picture has no code either. */
function readPicture(file: File): Promise<string | undefined> {
  return readCodeOf(file).catch(() => undefined);
}
