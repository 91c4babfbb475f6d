import { For } from 'solid-js';
import type { DnsRecord } from '../../../shared/api/names.ts';
import { t } from '../../i18n/names/translate.ts';
import { showToast } from '../../state/toasts.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

/** Records to enter at a domain, each value with a button that copies it. */
export function RecordTable(props: { records: readonly DnsRecord[] }) {
  return (
    <div class="records">
      <table>
        <thead>
          <tr>
            <th>{t('dns.type')}</th>
            <th>{t('dns.host')}</th>
            <th>{t('dns.value')}</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.records}>
            {(record) => (
              <tr>
                <td>{record.type}</td>
                <td>
                  <Copied value={record.host} label={t('dns.copyHost', { value: record.host })} />
                </td>
                <td>
                  <Copied value={record.value} label={t('dns.copyValue', { value: record.value })} />
                </td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  );
}

/** A text with a button that copies it. */
export function Copied(props: { value: string; label: string }) {
  return (
    <span class="copied">
      <code>{props.value}</code>
      <CopyButton
        compact
        value={props.value}
        label={props.label}
        doneLabel={t('dns.copied')}
        onError={(error) => showToast(String(error))}
      />
    </span>
  );
}
