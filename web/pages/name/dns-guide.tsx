import Check from 'lucide-solid/icons/circle-check';
import Circle from 'lucide-solid/icons/circle-dashed';
import { createResource, For, onCleanup, Show, type JSX } from 'solid-js';
import { t } from '../../i18n/names/translate.ts';
import { checkName, type NameCheck, type Naming } from '../../state/names.ts';
import { RecordTable } from './record-table.tsx';
import { reachWords, recordWords, tlsWords } from './words.ts';

/** Milliseconds between two looks. */
const lookAgain = 4000;

interface Guide {
  readonly naming: Naming;
  readonly idTag: string;
  readonly invitation: string | undefined;
  /** The name leads to this relay. */
  readonly onReady: (ready: boolean) => void;
}

/** The records of a domain, looked at until they are right. */
export function DnsGuide(props: Guide) {
  const [check, { refetch }] = createResource(
    () => props.idTag,
    async (idTag) => {
      const found = await checkName(props.naming, idTag, props.invitation);
      props.onReady(found.ok);
      return found;
    },
  );
  const timer = setInterval(() => {
    if (!check.loading && document.visibilityState === 'visible') void refetch();
  }, lookAgain);
  onCleanup(() => clearInterval(timer));
  return (
    <div class="guide">
      <p class="quiet-text">{t('dns.how')}</p>
      <Show
        when={check.state !== 'errored'}
        fallback={
          <p class="error-text" role="status">
            {t('name.away')}
          </p>
        }
      >
        <Show when={check.latest} fallback={<p role="status">{t('dns.looking')}</p>}>
          {(found) => <Rows check={found()} />}
        </Show>
      </Show>
    </div>
  );
}

function Rows(props: { check: NameCheck }) {
  return (
    <ul class="guide-rows" aria-live="polite">
      <For each={props.check.hosts}>
        {(host) => (
          <Row ok={host.state === 'ok'} title={host.host} text={recordWords(host)}>
            <p class="quiet-text small">
              {t(host.required ? 'dns.required' : 'dns.optional')}
              <Show when={host.records.length > 1}> · {t('dns.either')}</Show>
            </p>
            <Show when={host.state !== 'ok'}>
              <RecordTable records={host.records} />
            </Show>
          </Row>
        )}
      </For>
      <Row ok={props.check.tls.state === 'ok'} title={t('dns.tls')} text={tlsWords(props.check)} />
      <Row ok={props.check.reach.state === 'ok'} title={t('dns.reach')} text={reachWords(props.check)} />
    </ul>
  );
}

function Row(props: { ok: boolean; title: string; text: string; children?: JSX.Element }) {
  return (
    <li classList={{ 'guide-row': true, right: props.ok }}>
      <span class="guide-mark" aria-hidden="true">
        <Show when={props.ok} fallback={<Circle size={18} />}>
          <Check size={18} />
        </Show>
      </span>
      <div class="guide-text">
        <strong>{props.title}</strong>
        {props.children}
        <p>{props.text}</p>
      </div>
    </li>
  );
}
