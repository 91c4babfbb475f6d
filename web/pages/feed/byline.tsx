import Globe from 'lucide-solid/icons/globe';
import Handshake from 'lucide-solid/icons/handshake';
import LockOpen from 'lucide-solid/icons/lock-open';
import Mail from 'lucide-solid/icons/mail';
import Users from 'lucide-solid/icons/users';
import { type Component, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import type { SaidView } from '../../client/actions/said.ts';
import { t } from '../../i18n/social/translate.ts';
import { formatAgo } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { Avatar } from '../../ui/avatar.tsx';

/** The trust mark: face, name and domain together, so that a name alone convinces nobody. */
export function Byline(props: { item: SaidView; visibility?: string; small?: boolean }) {
  return (
    <header class="byline">
      <Avatar
        idTag={props.item.author}
        name={props.item.name}
        src={faceUrl(props.item.author)}
        small={props.small === true}
      />
      <span class="byline-who">
        <span class="byline-name">{props.item.name}</span>
        <Show when={props.item.name !== props.item.author}>
          <span class="byline-tag">{props.item.author}</span>
        </Show>
        <Warning item={props.item} />
      </span>
      <span class="byline-time">
        <Audience visibility={props.visibility} />
        <time datetime={new Date(props.item.at).toISOString()}>{formatAgo(props.item.at, Date.now())}</time>
      </span>
    </header>
  );
}

/** The keys or devices of the author are not what they were: like a changed lock. */
function Warning(props: { item: SaidView }) {
  const state = () =>
    props.item.trust === 'changed' || props.item.trust === 'forked' ? props.item.trust : undefined;
  return (
    <Show when={state()}>
      {(broken) => (
        <a class="byline-warning" href="/people">
          <LockOpen size={14} aria-hidden="true" />
          {t(`trust.${broken()}.short`)}
        </a>
      )}
    </Show>
  );
}

const signs: Record<string, Component<{ size?: number }>> = { P: Globe, F: Users, C: Handshake, D: Mail };

/** Who may read it. */
function Audience(props: { visibility: string | undefined }) {
  const known = () => (['P', 'F', 'C', 'D'] as const).find((letter) => letter === props.visibility);
  return (
    <Show when={known()} keyed>
      {(letter) => (
        <span
          class="byline-audience"
          role="img"
          aria-label={t(`feed.seenBy.${letter}`)}
          title={t(`feed.seenBy.${letter}`)}
        >
          <Dynamic component={signs[letter]} size={14} />
        </span>
      )}
    </Show>
  );
}
