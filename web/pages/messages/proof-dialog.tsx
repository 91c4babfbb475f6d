import { createResource, Show } from 'solid-js';
import type { MessageView } from '../../client/actions/chats.ts';
import { t } from '../../i18n/messages/translate.ts';
import { t as tSocial } from '../../i18n/social/translate.ts';
import { formatDay } from '../../i18n/translate.ts';
import { feed, type Proof } from '../../state/feed.ts';
import { Dialog } from '../../ui/dialog.tsx';

/** Who really said it: checked when it is asked, told in words. */
export function ProofDialog(props: { message: MessageView; onClose: () => void }) {
  const [proof] = createResource(async (): Promise<Proof> => {
    try {
      return (await feed.source?.readProof(props.message.id)) ?? { kind: 'pending' };
    } catch (reason) {
      return { kind: 'unavailable', message: reason instanceof Error ? reason.message : String(reason) };
    }
  });
  return (
    <Dialog open title={t('messages.proof')} closeLabel={t('talk.cancel')} onClose={() => props.onClose()}>
      <div class="message-proof" aria-live="polite">
        <Show when={proof.latest} fallback={<p>{tSocial('proof.checking')}</p>} keyed>
          {(known) => lines(known, props.message).map((line) => <p>{line}</p>)}
        </Show>
      </div>
    </Dialog>
  );
}

function lines(proof: Proof, { name, author }: MessageView): string[] {
  switch (proof.kind) {
    case 'device':
      return [
        tSocial('proof.device', { name }),
        `${tSocial('proof.deviceKey')}: ${proof.device} · ${tSocial('proof.until')} ${formatDay(proof.until)}`,
        tSocial('proof.verified'),
      ];
    case 'pending':
      return [tSocial('proof.pending')];
    case 'failed':
    case 'unavailable':
      return [tSocial(`proof.${proof.kind}`, { message: proof.message })];
    default:
      return [tSocial(`proof.${proof.kind}`, { name: author })];
  }
}
