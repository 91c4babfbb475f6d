import X from 'lucide-solid/icons/x';
import { createUniqueId, For, Show } from 'solid-js';
import type { ShareView } from '../../client/actions/share-list.ts';
import type { ShareLevel } from '../../client/actions/shares.ts';
import { t } from '../../i18n/sharing/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { LevelChoice } from './level-choice.tsx';
import { nameOf } from './person-finder.tsx';

interface ListProps {
  shares: ShareView[];
  onLevel: (idTag: string, level: ShareLevel) => void;
  onRevoke: (idTag: string) => void;
  onRetry: (id: string) => void;
}

/** Who has the document, with what they may do. */
export function ShareList(props: ListProps) {
  const id = createUniqueId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{t('share.list')}</h3>
      <ul role="list" class="share-list">
        <For each={props.shares} fallback={<li class="quiet-text small">{t('share.none')}</li>}>
          {(share) => <ShareRow share={share} {...props} />}
        </For>
      </ul>
    </section>
  );
}

function ShareRow(props: ListProps & { share: ShareView }) {
  const name = () => nameOf(props.share.idTag);
  const words = () => t(`share.state.${props.share.state}`, { reason: props.share.reason ?? '' });
  return (
    <li class="share-row">
      <div class="share-person">
        <Avatar idTag={props.share.idTag} name={name()} src={faceUrl(props.share.idTag)} small />
        <span class="share-name" title={props.share.idTag}>
          {name()}
          <span
            class="small"
            classList={{
              'error-text': props.share.state === 'refused',
              'quiet-text': props.share.state !== 'refused',
            }}
          >
            {words()}
          </span>
        </span>
        <Show
          when={props.share.level}
          keyed
          fallback={<span class="quiet-text small">{t('share.ended')}</span>}
        >
          {(level) => (
            <>
              <LevelChoice
                label={t('share.level', { name: name() })}
                level={level}
                onLevel={(next) => props.onLevel(props.share.idTag, next)}
              />
              <button
                type="button"
                class="icon-button"
                aria-label={t('share.revoke', { name: name() })}
                title={t('share.revoke', { name: name() })}
                onClick={() => props.onRevoke(props.share.idTag)}
              >
                <X size={16} />
              </button>
            </>
          )}
        </Show>
      </div>
      <Show when={props.share.level === 'comment'}>
        <p class="quiet-text small">{t('share.commentNote')}</p>
      </Show>
      <Show when={props.share.state === 'refused'}>
        <button type="button" class="button" onClick={() => props.onRetry(props.share.id)}>
          {t('share.retry')}
        </button>
      </Show>
    </li>
  );
}
