import { A, useNavigate } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';
import type { NoticeKind, NoticeView } from '../../client/actions/notices.ts';
import { t, tCount } from '../../i18n/social/translate.ts';
import { formatAgo, locale } from '../../i18n/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { faceUrl } from '../../state/faces.ts';
import type { NoticesSource } from '../../state/notices.ts';
import { Avatar } from '../../ui/avatar.tsx';

/** One notice: who, what, when, and what can be done about it. */
export function NoticeRow(props: { notice: NoticeView; source: NoticesSource }) {
  const first = () => props.notice.people[0] ?? { idTag: '', name: '' };
  return (
    <li class="notice" data-kind={props.notice.kind} data-unread={props.notice.unread ? '' : undefined}>
      <Avatar idTag={first().idTag} name={first().name} src={faceUrl(first().idTag)} />
      <div class="notice-said">
        <A class="notice-what" href={placeOf(props.notice)}>
          {noticeWords(props.notice)}
        </A>
        <Show when={props.notice.words}>{(words) => <p class="notice-words">{words()}</p>}</Show>
        <p class="quiet-text small">
          {first().idTag}
          {' · '}
          <time datetime={new Date(props.notice.at).toISOString()}>
            {formatAgo(props.notice.at, Date.now())}
          </time>
        </p>
        <Show when={props.notice.open}>
          <Decision notice={props.notice} source={props.source} />
        </Show>
      </div>
    </li>
  );
}

/** Where it leads. */
const places: Record<NoticeKind, string> = {
  asks: '/people',
  connected: '/people',
  follower: '/people',
  trust: '/people',
  invitation: '/messages',
  share: '/files',
  approval: '/feed',
  comment: '/feed',
  reaction: '/feed',
  repost: '/feed',
  approved: '/feed',
  wall: '/feed',
};

function placeOf({ kind, open, document, conversation }: NoticeView): string {
  if (conversation !== undefined) return `/messages/${conversation}`;
  if (kind === 'share' && !open && document !== undefined) return `/d/${document}`;
  return places[kind];
}

function namesOf({ people }: NoticeView): string {
  const [first, second] = people;
  const more = people.length - (people.length === 2 ? 2 : 1);
  if (people.length === 2 && first && second)
    return new Intl.ListFormat(locale()).format([first.name, second.name]);
  return more > 0 ? `${first?.name ?? ''} ${tCount('notices.and', more)}` : (first?.name ?? '');
}

function noticeWords(notice: NoticeView): string {
  const { kind, people } = notice;
  const who = namesOf(notice);
  switch (kind) {
    case 'follower':
    case 'comment':
    case 'reaction':
    case 'repost':
      return tCount(`notices.${kind}`, people.length, { who });
    default:
      return t(`notices.${kind}`, { who });
  }
}

/** Yes or no, where one is asked. */
function Decision(props: { notice: NoticeView; source: NoticesSource }): JSX.Element {
  const { kind, row = '', people } = props.notice;
  const { source } = props;
  const navigate = useNavigate();
  const idTag = people[0]?.idTag ?? '';
  switch (kind) {
    case 'asks':
      return (
        <Choice
          yes={[t('people.accept'), () => source.accept(idTag)]}
          no={[t('people.refuse'), () => source.disconnect(idTag)]}
        />
      );
    case 'invitation':
      return (
        <Choice
          yes={[t('notices.join'), () => source.conversations.join(row)]}
          no={[t('notices.decline'), () => source.conversations.leave(row)]}
        />
      );
    case 'approval':
      return (
        <Choice
          yes={[t('notices.approve'), () => source.approve(row)]}
          no={[t('notices.reject'), () => source.remove(row)]}
        />
      );
    case 'share':
      return <Choice yes={[t('notices.open.share'), () => openShared(props.notice, source, navigate)]} />;
    case 'trust':
      // It is accepted where it is explained.
      return (
        <A class="button" href={places.trust}>
          {t('notices.look')}
        </A>
      );
    default:
      return undefined;
  }
}

/** It is among one's own documents from now on. */
async function openShared(
  { row = '', document = '' }: NoticeView,
  source: NoticesSource,
  navigate: (path: string) => void,
): Promise<void> {
  await source.acceptShare(row);
  navigate(`/d/${document}`);
}

type Answer = [label: string, run: () => Promise<unknown>];

function Choice(props: { yes: Answer; no?: Answer }) {
  return (
    <div class="notice-choice">
      <button type="button" class="button primary" onClick={() => void attempt(props.yes[1]())}>
        {props.yes[0]}
      </button>
      <Show when={props.no} keyed>
        {([label, run]) => (
          <button type="button" class="button" onClick={() => void attempt(run())}>
            {label}
          </button>
        )}
      </Show>
    </div>
  );
}
