import { createSignal, createUniqueId, Show } from 'solid-js';
import { isIdTag } from '../../../shared/identity/id-tag.ts';
import { t } from '../../i18n/names/translate.ts';
import type { Naming } from '../../state/names.ts';
import { DnsGuide } from './dns-guide.tsx';
import { Copied, RecordTable } from './record-table.tsx';

/** A name of one's own domain: its records, and whether they are right. */
export function OwnDomain(props: {
  naming: Naming;
  invitation: string | undefined;
  busy: boolean;
  onTake: (idTag: string) => void;
}) {
  const id = createUniqueId();
  const [text, setText] = createSignal('');
  const [shown, setShown] = createSignal<string>();
  const [ready, setReady] = createSignal(false);
  const domain = () => text().trim().toLowerCase();
  const isWrong = () => domain() !== '' && !isIdTag(domain());
  const change = (value: string) => {
    setText(value);
    setShown(undefined);
    setReady(false);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isIdTag(domain())) return;
    if (ready() && shown() === domain()) props.onTake(domain());
    else setShown(domain());
  };
  return (
    <form class="join-form" onSubmit={submit}>
      <div class="field">
        <label for={id}>{t('dns.label')}</label>
        <input
          id={id}
          class="input"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          placeholder="ana.example.com"
          aria-invalid={isWrong()}
          value={text()}
          onInput={(event) => change(event.currentTarget.value)}
        />
        <Show when={isWrong()}>
          <p class="error-text small" role="status">
            {t('dns.invalid')}
          </p>
        </Show>
      </div>
      <Show when={shown()}>
        {(idTag) => (
          <Show when={!props.naming.relay.local} fallback={<ElsewhereGuide idTag={idTag()} />}>
            <DnsGuide
              naming={props.naming}
              idTag={idTag()}
              invitation={props.invitation}
              onReady={setReady}
            />
          </Show>
        )}
      </Show>
      <Show when={!(shown() && props.naming.relay.local)}>
        <button
          type="submit"
          class="button primary"
          disabled={!isIdTag(domain()) || props.busy || (shown() !== undefined && !ready())}
        >
          {t(shown() === undefined ? 'dns.show' : 'name.take')}
        </button>
      </Show>
    </form>
  );
}

/** A relay of this machine has no names on the internet: what another one needs. */
function ElsewhereGuide(props: { idTag: string }) {
  const command = () => `MODE=proxy BASE_ID_TAG=${props.idTag} npm start`;
  const records = () => [
    { type: 'A' as const, host: props.idTag, value: t('local.address') },
    { type: 'CNAME' as const, host: `cl-o.${props.idTag}`, value: props.idTag },
  ];
  return (
    <div class="guide">
      <p>{t('local.how')}</p>
      <p>{t('local.records')}</p>
      <RecordTable records={records()} />
      <p>{t('local.start')}</p>
      <Copied value={command()} label={t('dns.copyValue', { value: command() })} />
      <p>{t('local.then')}</p>
    </div>
  );
}
