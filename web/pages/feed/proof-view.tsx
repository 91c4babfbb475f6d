import ShieldCheck from 'lucide-solid/icons/shield-check';
import { createSignal, Match, Show, Switch } from 'solid-js';
import type { SaidView } from '../../client/actions/said.ts';
import { t } from '../../i18n/social/translate.ts';
import { formatDay, formatNumber } from '../../i18n/translate.ts';
import type { FeedSource, Proof } from '../../state/feed.ts';

type DeviceProof = Extract<Proof, { kind: 'device' }>;

/** Who really said it: checked when opened, told in words. The button and what it opens are laid out by their row. */
export function ProofView(props: { item: SaidView; source: FeedSource }) {
  const [proof, setProof] = createSignal<Proof>();
  const [open, setOpen] = createSignal(false);
  const read = async () => {
    try {
      setProof(await props.source.readProof(props.item.id));
    } catch (reason) {
      setProof({ kind: 'unavailable', message: reason instanceof Error ? reason.message : String(reason) });
    }
  };
  return (
    <>
      <button
        type="button"
        class="proof"
        aria-expanded={open()}
        onClick={() => setOpen(!open()) && void read()}
      >
        <ShieldCheck size={16} />
        {t('proof.title')}
      </button>
      <Show when={open()}>
        <div class="proof-body" aria-live="polite">
          <Switch fallback={<p>{t('proof.checking')}</p>}>
            <Match when={deviceProof(proof())}>
              {(device) => <DeviceProofView proof={device()} name={props.item.name} />}
            </Match>
            <Match when={proof()?.kind === 'pending'}>
              <p>{t('proof.pending')}</p>
            </Match>
            <Match when={proof()?.kind === 'unproven'}>
              <p>{t('proof.unproven', { name: props.item.author })}</p>
            </Match>
            <Match when={proof()?.kind === 'order'}>
              <p>{t('proof.order', { name: props.item.author })}</p>
            </Match>
            <Match when={proof()?.kind === 'relay'}>
              <p>{t('proof.relay', { name: props.item.author })}</p>
            </Match>
            <Match when={unavailable(proof())}>
              {(message) => <p>{t('proof.unavailable', { message: message() })}</p>}
            </Match>
            <Match when={failure(proof())}>
              {(message) => <p class="error-text">{t('proof.failed', { message: message() })}</p>}
            </Match>
          </Switch>
        </div>
      </Show>
    </>
  );
}

function DeviceProofView(props: { proof: DeviceProof; name: string }) {
  return (
    <>
      <p>{t('proof.device', { name: props.name })}</p>
      <dl>
        <dt>{t('proof.deviceKey')}</dt>
        <dd>{props.proof.device}</dd>
        <dt>{t('proof.until')}</dt>
        <dd>{formatDay(props.proof.until)}</dd>
        <dt>{t('proof.entry')}</dt>
        <dd>{formatNumber(props.proof.entry)}</dd>
      </dl>
      <p class="proof-verdict">
        <ShieldCheck size={16} />
        {t('proof.verified')}
      </p>
    </>
  );
}

function deviceProof(proof: Proof | undefined): DeviceProof | undefined {
  return proof?.kind === 'device' ? proof : undefined;
}

function unavailable(proof: Proof | undefined): string | undefined {
  return proof?.kind === 'unavailable' ? proof.message : undefined;
}

function failure(proof: Proof | undefined): string | undefined {
  return proof?.kind === 'failed' ? proof.message : undefined;
}
