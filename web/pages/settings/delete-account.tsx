import { createSignal, createUniqueId, Show } from 'solid-js';
import { t } from '../../i18n/moving/translate.ts';
import { identityState } from '../../state/identity.ts';
import { house } from '../../state/moving.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './moving.css';

/** Ending the account, with the name typed. */
export function DeleteAccount() {
  const [open, setOpen] = createSignal(false);
  const name = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : '');
  return (
    <div class="storage-part">
      <h3 class="label">{t('leave.title')}</h3>
      <p class="quiet-text">{t('leave.text', { idTag: name() })}</p>
      <div class="moving-buttons">
        <button type="button" class="button danger" onClick={() => setOpen(true)}>
          {t('leave.button')}
        </button>
      </div>
      <Show when={open()}>
        <DeleteDialog idTag={name()} onClose={() => setOpen(false)} />
      </Show>
    </div>
  );
}

function DeleteDialog(props: { idTag: string; onClose: () => void }) {
  const nameId = createUniqueId();
  const [typed, setTyped] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal<string>();
  const fits = () => typed().trim().toLowerCase() === props.idTag;
  const remove = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      await house()?.deleteAccount(props.idTag);
      showToast(t('leave.done', { idTag: props.idTag }));
      props.onClose();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      title={t('leave.dialog', { idTag: props.idTag })}
      closeLabel={t('moving.close')}
      onClose={() => props.onClose()}
    >
      <form
        class="moving-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits() && !busy()) void remove();
        }}
      >
        <p>{t('leave.goes')}</p>
        <p>{t('leave.told')}</p>
        <p>{t('leave.stays')}</p>
        <div class="field">
          <label for={nameId}>{t('leave.name', { idTag: props.idTag })}</label>
          <input
            id={nameId}
            class="input"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </div>
        <Show when={failure()}>
          {(message) => (
            <p class="error-text" role="alert">
              {t('arrive.failed', { message: message() })}
            </p>
          )}
        </Show>
        <div class="moving-buttons end">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t('moving.cancel')}
          </button>
          <button type="submit" class="button danger" disabled={!fits() || busy()}>
            {t(busy() ? 'leave.deleting' : 'leave.now')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
