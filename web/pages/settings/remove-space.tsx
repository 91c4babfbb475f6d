import { createSignal, Show } from 'solid-js';
import { t as tCopied } from '../../i18n/copied/translate.ts';
import { formatNumber } from '../../i18n/translate.ts';
import { t, tCount } from '../../i18n/spaces/translate.ts';
import { identityState } from '../../state/identity.ts';
import { standing } from '../../state/standing.ts';
import { removeOwnSpace, watchEntries, watchUnsent } from '../../state/spaces.ts';
import { Dialog } from '../../ui/dialog.tsx';

/** Says what goes and what stays, and waits until the relay has what it should have. */
export function RemoveSpace(props: { name: string; onClose: () => void }) {
  const entries = watchEntries();
  const [sure, setSure] = createSignal(false);
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const idTag = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : undefined);
  const isOnly = () => identityState.devices.length === 1;
  const waiting = watchUnsent();
  const unsent = () => (idTag() === undefined ? 0 : waiting());
  /** What nobody else has is asked for once more; a device that cannot be taken off the list too. */
  const asks = () => idTag() === undefined || isOnly() || unsent() > 0 || failure() !== undefined;
  /** What a device says whose keys were used in two places is not taken. */
  const isCopied = () => standing().kind === 'suspended';
  const stays = (name: string) => {
    if (isOnly()) return t('spaces.onlyDevice', { idTag: name });
    return isCopied() ? tCopied('own.stays', { idTag: name }) : t('spaces.stays', { idTag: name });
  };
  const unsentWords = () => {
    const count = formatNumber(unsent());
    if (unsent() === 0) return '';
    return isCopied() ? tCopied('own.unsent', { count }) : t('spaces.unsent', { count });
  };
  const remove = async () => {
    setBusy(true);
    try {
      const leaves = idTag() !== undefined && !isOnly() && !isCopied();
      const leaveList = leaves && failure() === undefined;
      await removeOwnSpace({ leaveList });
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setSure(false);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      title={t('spaces.removeTitle', { name: props.name })}
      closeLabel={t('spaces.close')}
      onClose={() => props.onClose()}
    >
      <div class="space-removal">
        <p>{tCount('spaces.goes', entries())}</p>
        <Show when={idTag()} fallback={<p class="label">{t('spaces.noIdentity')}</p>}>
          {(name) => <p>{stays(name())}</p>}
        </Show>
        <p aria-live="polite">{unsentWords()}</p>
        <Show when={failure()}>
          {(message) => (
            <p class="error-text" role="alert">
              {t('spaces.failed', { message: message() })}
            </p>
          )}
        </Show>
        <Show when={asks()}>
          <label class="space-sure">
            <input
              type="checkbox"
              checked={sure()}
              onChange={(event) => setSure(event.currentTarget.checked)}
            />
            {t('spaces.sure')}
          </label>
        </Show>
        <div class="space-buttons">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t('spaces.cancel')}
          </button>
          <button
            type="button"
            class="button danger"
            disabled={busy() || (asks() && !sure())}
            onClick={() => void remove()}
          >
            {t(busy() ? 'spaces.removing' : 'spaces.removeNow')}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
