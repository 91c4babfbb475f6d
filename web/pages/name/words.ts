import type { NameCheck } from '../../state/names.ts';
import { t } from '../../i18n/names/translate.ts';

type Row = NameCheck['hosts'][number];

/** What a record says, and how to mend it. */
export function recordWords({ state, found }: Row): string {
  return t(`dns.record.${state}`, { found: found.join(', ') });
}

/** The same of the certificate. */
export function tlsWords({ tls, hosts }: NameCheck): string {
  return t(`dns.tls.${tls.state}`, { host: hosts[0]?.host ?? '' });
}

/** The same of the way to this relay. */
export function reachWords({ reach, hosts }: NameCheck): string {
  return t(`dns.reach.${reach.state}`, { host: hosts[0]?.host ?? '' });
}
