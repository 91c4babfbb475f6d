import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { formatLinkStatement, linkRecord } from '../../../shared/identity/linked.ts';
import { type IdTag, isIdTag } from '../../../shared/identity/id-tag.ts';
import { t } from '../../i18n/identity/translate.ts';
import { addLinked, type OwnLinked } from '../../state/identity-care.ts';
import { identityState } from '../../state/identity.ts';
import { showToast } from '../../state/toasts.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

const kinds = ['dns', 'page', 'key', 'account'] as const;
type Kind = (typeof kinds)[number];

/** The name as a URI (SPEC N6). */
function toUri(kind: Kind, value: string): string {
  if (kind === 'dns') return `dns:${value.toLowerCase()}`;
  if (kind === 'page') return URL.parse(value)?.href ?? value;
  if (kind === 'account' && !value.startsWith('did:')) return `did:pkh:eip155:1:${value}`;
  return value;
}

/** What the other side is to say. */
function proofOf(kind: Kind, idTag: IdTag, value: string): { how: string; text: string } {
  if (kind === 'dns') {
    const record = linkRecord(idTag, value === '' ? '…' : value.toLowerCase());
    return { how: t('links.how.dns', { name: record.name }), text: record.value };
  }
  if (kind === 'page')
    return { how: t('links.how.page'), text: `<a rel="me" href="https://${idTag}/">${idTag}</a>` };
  return { how: t(`links.how.${kind}`), text: formatLinkStatement(idTag, toUri(kind, value)) };
}

/** One more name: what it is, what the other side has to say, and the check. */
export function LinkForm(props: { onAdded: (names: OwnLinked) => void }) {
  const [kind, setKind] = createSignal<Kind>('dns');
  const [value, setValue] = createSignal('');
  const [signature, setSignature] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [failure, setFailure] = createSignal('');
  const ids = { kind: createUniqueId(), value: createUniqueId(), proof: createUniqueId() };
  const idTag = () => {
    const name = identityState.identity.kind === 'claimed' ? identityState.identity.idTag : undefined;
    return isIdTag(name) ? name : undefined;
  };
  const isSigned = () => kind() === 'key' || kind() === 'account';
  const add = async () => {
    setBusy(true);
    setFailure('');
    const uri = toUri(kind(), value().trim());
    try {
      props.onAdded(await addLinked(uri, isSigned() ? signature().trim() : undefined));
      showToast(t('links.added', { uri }));
      setValue('');
      setSignature('');
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="identity-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div class="field">
        <label for={ids.kind}>{t('links.kind')}</label>
        <select
          id={ids.kind}
          class="input"
          onChange={(event) => setKind(kinds.find((name) => name === event.currentTarget.value) ?? 'dns')}
        >
          <For each={kinds}>{(name) => <option value={name}>{t(`links.kind.${name}`)}</option>}</For>
        </select>
      </div>
      <Field id={ids.value} label={t(`links.value.${kind()}`)} value={value()} onInput={setValue} />
      <Show when={value().trim() !== '' && idTag()}>
        {(name) => <Said proof={proofOf(kind(), name(), value().trim())} />}
      </Show>
      <Show when={isSigned()}>
        <Field id={ids.proof} label={t('links.proof')} value={signature()} onInput={setSignature} />
      </Show>
      <Show when={failure()}>
        <p role="alert">{failure()}</p>
      </Show>
      <div class="identity-buttons">
        <button type="submit" class="button" disabled={busy()}>
          {t('links.add')}
        </button>
      </div>
    </form>
  );
}

function Field(props: { id: string; label: string; value: string; onInput: (value: string) => void }) {
  return (
    <div class="field">
      <label for={props.id}>{props.label}</label>
      <input
        id={props.id}
        class="input"
        required
        autocomplete="off"
        spellcheck={false}
        value={props.value}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
    </div>
  );
}

function Said(props: { proof: { how: string; text: string } }) {
  return (
    <>
      <p class="small">{props.proof.how}</p>
      <p class="identity-text" data-testid="link-text">
        {props.proof.text}
      </p>
      <div class="identity-buttons">
        <CopyButton
          value={props.proof.text}
          label={t('copy')}
          doneLabel={t('copied')}
          onError={(error) => showToast(String(error))}
        />
      </div>
    </>
  );
}
