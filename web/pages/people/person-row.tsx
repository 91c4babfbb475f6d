import { useNavigate } from '@solidjs/router';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createSignal, Show } from 'solid-js';
import type { PersonView } from '../../client/actions/people-view.ts';
import { t } from '../../i18n/social/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { faceUrl } from '../../state/faces.ts';
import type { PeopleSource } from '../../state/people.ts';
import { showToast } from '../../state/toasts.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { MenuButton, type MenuItem } from '../../ui/menu.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { TrustCard } from './trust-card.tsx';
import { relationWords } from './words.ts';

/** Somebody with face and domain, how one stands to them, and what can be done about it. */
export function PersonRow(props: { person: PersonView; source: PeopleSource }) {
  const [connecting, setConnecting] = createSignal(false);
  return (
    <li class="contact" data-id={props.person.idTag}>
      <div class="contact-row">
        <Avatar idTag={props.person.idTag} name={props.person.name} src={faceUrl(props.person.idTag)} />
        <span class="contact-who">
          <span class="contact-name">{props.person.name}</span>
          <Show when={props.person.name !== props.person.idTag}>
            <span class="quiet-text">{props.person.idTag}</span>
          </Show>
          <span class="quiet-text small">
            {relationWords(props.person)}
            <Show when={props.person.trust?.state === 'none'}>
              <span title={t('trust.none')}> · {t('trust.none.short')}</span>
            </Show>
          </span>
        </span>
        <div class="contact-buttons">
          <MainButtons person={props.person} source={props.source} />
          <Menu person={props.person} source={props.source} onConnect={() => setConnecting(true)} />
        </div>
      </div>
      <Show when={props.person.words}>{(words) => <p class="contact-words">{words()}</p>}</Show>
      <Pending person={props.person} source={props.source} />
      <TrustCard person={props.person} source={props.source} />
      <Show when={connecting()}>
        <ConnectDialog
          idTag={props.person.idTag}
          name={props.person.name}
          source={props.source}
          onClose={() => setConnecting(false)}
        />
      </Show>
    </li>
  );
}

/** What one most likely wants. */
function MainButtons(props: { person: PersonView; source: PeopleSource }) {
  const run = (action: (idTag: string) => Promise<void>) => void attempt(action(props.person.idTag));
  const named = (label: string) => `${label} – ${props.person.idTag}`;
  return (
    <>
      <Show when={props.person.connected === 'asking' && !props.person.blocked}>
        <button
          type="button"
          class="button primary"
          aria-label={named(t('people.accept'))}
          onClick={() => run(props.source.accept)}
        >
          {t('people.accept')}
        </button>
        <button
          type="button"
          class="button"
          aria-label={named(t('people.refuse'))}
          onClick={() => run(props.source.disconnect)}
        >
          {t('people.refuse')}
        </button>
      </Show>
      <Show when={props.person.connected === 'none' && !props.person.following && !props.person.blocked}>
        <button
          type="button"
          class="button"
          aria-label={named(t('people.follow'))}
          onClick={() => run(props.source.follow)}
        >
          {t('people.follow')}
        </button>
      </Show>
      <Show when={props.person.blocked}>
        <button
          type="button"
          class="button"
          aria-label={named(t('people.unblock'))}
          onClick={() => run((idTag) => props.source.block(idTag, false))}
        >
          {t('people.unblock')}
        </button>
      </Show>
    </>
  );
}

function Menu(props: { person: PersonView; source: PeopleSource; onConnect: () => void }) {
  const navigate = useNavigate();
  const items = (): MenuItem[] => {
    const { idTag, name, following, connected, blocked, muted } = props.person;
    const { source } = props;
    const offer = (when: boolean, label: string, run: () => unknown, danger = false): MenuItem[] =>
      when ? [{ label, danger, run: () => void run() }] : [];
    const block = async () => {
      if (await attempt(source.block(idTag, true))) showToast(t('people.blockedNow', { name }));
    };
    const message = () => navigate(`/messages/${idTag}`);
    const wall = () => navigate(`/feed?wall=${encodeURIComponent(idTag)}`);
    return [
      ...offer(!blocked && connected === 'none', t('people.connect'), props.onConnect),
      ...offer(!blocked && (following || connected === 'connected'), t('people.message'), message),
      ...offer(!blocked && connected === 'connected', t('people.wall'), wall),
      ...offer(following, t('people.unfollow'), () => attempt(source.unfollow(idTag))),
      ...offer(connected === 'asked', t('people.takeBack'), () => attempt(source.disconnect(idTag))),
      ...offer(connected === 'connected', t('people.disconnect'), () => attempt(source.disconnect(idTag))),
      ...offer(!muted, t('people.mute'), () => attempt(source.mute(idTag, true))),
      ...offer(muted, t('people.unmute'), () => attempt(source.mute(idTag, false))),
      ...offer(!blocked, t('people.block'), block, true),
    ];
  };
  return (
    <MenuButton label={t('people.actions', { name: props.person.name })} items={items()}>
      <Ellipsis size={18} />
    </MenuButton>
  );
}

/** What is on its way, or was refused, stays with the person it is about. */
function Pending(props: { person: PersonView; source: PeopleSource }) {
  return (
    <Show when={props.person.pending} keyed>
      {(pending) => (
        <p class="contact-pending small" data-state={pending.state}>
          {pending.state === 'refused'
            ? t('people.state.refused', { reason: pending.reason ?? '' })
            : t('people.state.waiting')}
          <Show when={pending.state === 'refused'}>
            <button type="button" class="button" onClick={() => void attempt(props.source.retry(pending.id))}>
              {t('feed.retry')}
            </button>
          </Show>
        </p>
      )}
    </Show>
  );
}
