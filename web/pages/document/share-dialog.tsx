import { A } from '@solidjs/router';
import { createSignal, Show } from 'solid-js';
import { buildShares } from '../../client/actions/share-list.ts';
import type { SharedDocument, ShareLevel } from '../../client/actions/shares.ts';
import { t } from '../../i18n/sharing/translate.ts';
import { database } from '../../state/documents.ts';
import { identityState } from '../../state/identity.ts';
import { createLive } from '../../state/live.ts';
import { people } from '../../state/people.ts';
import { sharing, type SharingSource } from '../../state/sharing.ts';
import { showToast } from '../../state/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { faceUrl } from '../../state/faces.ts';
import { LevelChoice } from './level-choice.tsx';
import { PersonFinder, nameOf } from './person-finder.tsx';
import './sharing.css';
import { ShareList } from './share-list.tsx';

/** Gives people a document: to read, or to edit; says who has it, and takes it back. */
export default function ShareDialog(props: { document: SharedDocument; onClose: () => void }) {
  return (
    <Dialog
      open
      title={t('share.title', { title: props.document.title })}
      closeLabel={t('share.close')}
      onClose={() => props.onClose()}
    >
      <Show
        when={sharing()}
        fallback={
          <div class="share">
            <p>{t('share.unclaimed')}</p>
            <A class="button primary" href="/name">
              {t('share.addName')}
            </A>
          </div>
        }
      >
        {(source) => <Sharing document={props.document} source={source()} />}
      </Show>
    </Dialog>
  );
}

function Sharing(props: { document: SharedDocument; source: SharingSource }) {
  const [chosen, setChosen] = createSignal<string>();
  const rows = createLive(
    database(),
    (db) => db.actions.where('sub').equals(props.document.id).toArray(),
    [],
  );
  const own = () => (identityState.identity.kind === 'claimed' ? identityState.identity.idTag : '');
  const shares = () => buildShares(rows(), props.document.id, own());
  const share = (idTag: string, level: ShareLevel) =>
    telling(props.source.share(props.document, idTag, level));
  return (
    <div class="share">
      <Show
        when={chosen()}
        keyed
        fallback={
          <PersonFinder
            without={shares().map(({ idTag }) => idTag)}
            source={props.source}
            onChoose={setChosen}
          />
        }
      >
        {(idTag) => (
          <Offer
            idTag={idTag}
            onShare={(level) => void share(idTag, level).then((done) => done && setChosen(undefined))}
            onCancel={() => setChosen(undefined)}
          />
        )}
      </Show>
      <ShareList
        shares={shares()}
        onLevel={(idTag, level) => void share(idTag, level)}
        onRevoke={(idTag) => void telling(props.source.revoke(props.document, idTag))}
        onRetry={(id) => void telling(props.source.retry(id))}
      />
      <p class="quiet-text small">{t('share.revokeNote')}</p>
    </div>
  );
}

/** What somebody is to be allowed, before it is given. */
function Offer(props: { idTag: string; onShare: (level: ShareLevel) => void; onCancel: () => void }) {
  const [level, setLevel] = createSignal<ShareLevel>('write');
  const isKnown = () => people.people.some(({ idTag, name }) => idTag === props.idTag && name !== idTag);
  return (
    <form
      class="share-offer"
      onSubmit={(event) => {
        event.preventDefault();
        props.onShare(level());
      }}
    >
      <div class="share-person">
        <Avatar idTag={props.idTag} name={nameOf(props.idTag)} src={faceUrl(props.idTag)} small />
        <span class="share-name">
          {nameOf(props.idTag)}
          <Show when={isKnown()}>
            <span class="quiet-text small">{props.idTag}</span>
          </Show>
        </span>
        <LevelChoice
          label={t('share.level', { name: nameOf(props.idTag) })}
          level={level()}
          onLevel={setLevel}
        />
      </div>
      <Show when={level() === 'comment'}>
        <p class="quiet-text small">{t('share.commentNote')}</p>
      </Show>
      <div class="share-buttons">
        <button type="button" class="button" onClick={() => props.onCancel()}>
          {t('share.close')}
        </button>
        <button type="submit" class="button primary" ref={(button) => queueMicrotask(() => button.focus())}>
          {t('share.share')}
        </button>
      </div>
    </form>
  );
}

/** Runs it; a failure is told and false. */
async function telling(action: Promise<unknown>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (reason) {
    showToast(t('share.failed', { message: reason instanceof Error ? reason.message : String(reason) }));
    return false;
  }
}
