import { useNavigate } from '@solidjs/router';
import X from 'lucide-solid/icons/x';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { isAtLeast, type Role, roles } from '../../../shared/action/define.ts';
import type { GroupView, MemberView, OpenWord } from '../../client/actions/conversation-view.ts';
import { t } from '../../i18n/messages/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { faceUrl } from '../../state/faces.ts';
import { identityState } from '../../state/identity.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { showToast } from '../../state/toasts.ts';
import { reasonWords } from '../../state/reason-words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { ChoosePeople, nameOf } from './choose-people.tsx';

interface GroupProps {
  id: string;
  group: GroupView;
  source: MessagesSource;
  onClose: () => void;
}

/** Who is in a conversation, and what can be changed about it. */
export function GroupDialog(props: GroupProps) {
  const mayInvite = () => props.group.standing === 'in' && isAtLeast(props.group.role, 'moderator');
  const remove = (idTag: string) => void attempt(props.source.conversations.removeMember(props.id, idTag));
  return (
    <Dialog open title={props.group.name} closeLabel={t('talk.cancel')} onClose={() => props.onClose()}>
      <div class="group">
        <p class="quiet-text small">{t('group.owner', { name: nameOf(props.group.owner) })}</p>
        <Show when={props.group.own && props.group.standing === 'in'}>
          <Rename {...props} />
        </Show>
        <People
          title={t('group.members')}
          people={props.group.members}
          removeLabel="group.remove"
          mayRemove={({ idTag, role }) =>
            mayInvite() &&
            idTag !== props.group.owner &&
            idTag !== ownName() &&
            (props.group.own || isAtLeast(props.group.role, role))
          }
          onRemove={remove}
        />
        <Show when={props.group.invited.length > 0}>
          <People
            title={t('group.invited')}
            people={props.group.invited}
            removeLabel="group.takeBack"
            mayRemove={mayInvite}
            onRemove={remove}
          />
        </Show>
        <OpenWords words={props.group.openWords} source={props.source} />
        <Show when={mayInvite()}>
          <Invite {...props} />
        </Show>
        <Ends {...props} />
      </div>
    </Dialog>
  );
}

function ownName(): string {
  return identityState.identity.kind === 'claimed' ? identityState.identity.idTag : '';
}

function People(props: {
  title: string;
  people: readonly MemberView[];
  removeLabel: 'group.remove' | 'group.takeBack';
  mayRemove: (person: MemberView) => boolean;
  onRemove: (idTag: string) => void;
}) {
  const id = createUniqueId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{props.title}</h3>
      <ul role="list" class="group-people">
        <For each={props.people}>
          {(person) => (
            <li class="group-person">
              <Avatar idTag={person.idTag} name={person.name} src={faceUrl(person.idTag)} small />
              <span class="group-name" title={person.idTag}>
                {person.name}
              </span>
              <span class="quiet-text small">{t(`role.${person.role}`)}</span>
              <Show when={props.mayRemove(person)}>
                <button
                  type="button"
                  class="icon-button"
                  aria-label={t(props.removeLabel, { name: person.name })}
                  title={t(props.removeLabel, { name: person.name })}
                  onClick={() => props.onRemove(person.idTag)}
                >
                  <X size={16} />
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </section>
  );
}

/** What was said about the conversation and has not arrived. */
function OpenWords(props: { words: readonly OpenWord[]; source: MessagesSource }) {
  const known = ['CONV', 'CONV:UPD', 'CONV:DEL', 'SUBS', 'SUBS:DEL', 'INVT', 'INVT:DEL'] as const;
  const named = ({ t: type, name = '' }: OpenWord) => {
    const key = known.find((one) => one === type);
    return key ? t(`group.word.${key}`, { name }) : type;
  };
  return (
    <Show when={props.words.length > 0}>
      <section aria-label={t('group.words')}>
        <ul role="list" class="group-words small">
          <For each={props.words}>
            {(word) => (
              <li data-state={word.state}>
                {named(word)} –{' '}
                {t(`messages.state.${word.state}`, { reason: reasonWords(word.reason ?? '') })}
                <Show when={word.state !== 'waiting'}>
                  <button
                    type="button"
                    class="button"
                    onClick={() => void attempt(props.source.retry(word.id))}
                  >
                    {t('messages.retry')}
                  </button>
                  <button
                    type="button"
                    class="button quiet"
                    onClick={() => void attempt(props.source.discard(word.id))}
                  >
                    {t('messages.discard')}
                  </button>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  );
}

function Rename(props: GroupProps) {
  const [name, setName] = createSignal(props.group.name);
  const id = createUniqueId();
  const changed = () => name().trim() !== '' && name().trim() !== props.group.name;
  return (
    <form
      class="field"
      onSubmit={(event) => {
        event.preventDefault();
        if (changed()) void attempt(props.source.conversations.rename(props.id, name().trim()));
      }}
    >
      <label for={id}>{t('group.name')}</label>
      <div class="group-line">
        <input
          id={id}
          class="input"
          maxlength={100}
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <button type="submit" class="button" disabled={!changed()}>
          {t('group.rename')}
        </button>
      </div>
    </form>
  );
}

function Invite(props: GroupProps) {
  const [chosen, setChosen] = createSignal<string[]>([]);
  const [role, setRole] = createSignal<Role>('member');
  const invite = async () => {
    for (const idTag of chosen())
      if (!(await attempt(props.source.conversations.invite(props.id, idTag, { role: role() })))) return;
    setChosen([]);
  };
  const there = () => [...props.group.members, ...props.group.invited].map(({ idTag }) => idTag);
  return (
    <form
      class="start-form"
      onSubmit={(event) => {
        event.preventDefault();
        void invite();
      }}
    >
      <ChoosePeople label={t('group.invite')} chosen={chosen()} without={there()} onChange={setChosen} />
      <div class="group-line">
        <RoleChoice role={role()} most={props.group.role ?? 'member'} onRole={setRole} />
        <button type="submit" class="button primary" disabled={chosen().length === 0}>
          {t('group.invite')}
        </button>
      </div>
    </form>
  );
}

function RoleChoice(props: { role: Role; most: Role; onRole: (role: Role) => void }) {
  const choose = (value: string) => {
    const role = roles.find((one) => one === value);
    if (role) props.onRole(role);
  };
  return (
    <select
      class="input"
      aria-label={t('group.role')}
      onChange={(event) => choose(event.currentTarget.value)}
    >
      <For each={roles.filter((role) => isAtLeast(props.most, role))}>
        {(role) => (
          <option value={role} selected={role === props.role}>
            {t(`role.${role}`)}
          </option>
        )}
      </For>
    </select>
  );
}

function Ends(props: GroupProps) {
  const navigate = useNavigate();
  const leave = async () => {
    const { name } = props.group;
    if (!(await attempt(props.source.conversations.leave(props.id)))) return;
    props.onClose();
    showToast(t('group.left', { name }));
    navigate('/messages');
  };
  const close = async () => {
    if (!(await attempt(props.source.conversations.close(props.id)))) return;
    props.onClose();
    showToast(t('group.closed'));
  };
  return (
    <Show when={props.group.standing === 'in'}>
      <Show
        when={props.group.own}
        fallback={
          <button type="button" class="button" onClick={() => void leave()}>
            {t('group.leave')}
          </button>
        }
      >
        <p class="quiet-text small">{t('group.owning')}</p>
        <button type="button" class="button danger" onClick={() => void close()}>
          {t('group.close')}
        </button>
      </Show>
    </Show>
  );
}
