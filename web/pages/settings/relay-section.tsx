import { A } from '@solidjs/router';
import { createResource, createSignal, createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/names/translate.ts';
import { formatDay } from '../../i18n/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { houseParts } from '../../state/house.ts';
import { invite, type NamesHere, type Naming, readHere, readNaming, withdraw } from '../../state/names.ts';
import { showToast } from '../../state/toasts.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import './relay.css';

/** Who is on this relay, and who is invited: for the relay's first identity. */
export default function RelaySection() {
  const id = createUniqueId();
  const [naming] = createResource(houseParts, () => readNaming(undefined));
  const operated = () => (naming.state === 'ready' && naming().isOperator ? naming() : undefined);
  return (
    <Show when={operated()}>
      {(found) => (
        <section class="settings-section" id="relay" aria-labelledby={id}>
          <h2 id={id}>{t('relay.title')}</h2>
          <div class="card settings-card">
            <Here naming={found()} />
          </div>
        </section>
      )}
    </Show>
  );
}

function Here(props: { naming: Naming }) {
  const [here, { refetch }] = createResource(() => props.naming, readHere);
  const relay = () => props.naming.relay;
  return (
    <Show
      when={here.state !== 'errored'}
      fallback={
        <p class="quiet-text" role="status">
          {t('relay.away')}
        </p>
      }
    >
      <div class="storage-part">
        <p>
          {t('relay.text', { domain: relay().domain })}{' '}
          <Show when={relay().registration !== 'invite'}>
            {t(relay().registration === 'open' ? 'relay.open' : 'relay.closed')}
          </Show>
        </p>
        <h3 class="label">{t('relay.identities')}</h3>
        <ul class="relay-list">
          <For each={here.latest?.identities ?? []}>{(identity) => <IdentityRow identity={identity} />}</For>
        </ul>
        <A class="button relay-action" href="/name">
          {t('relay.mine')}
        </A>
      </div>
      <Show when={relay().registration !== 'closed'}>
        <Invitations
          naming={props.naming}
          invitations={here.latest?.invitations ?? []}
          changed={() => void refetch()}
        />
      </Show>
    </Show>
  );
}

function IdentityRow(props: { identity: NamesHere['identities'][number] }) {
  const note = () => {
    const { idTag, claimed, address, active } = props.identity;
    if (address !== undefined)
      return active
        ? t('relay.elsewhere', { address })
        : t('relay.pending', { address, host: `cl-o.${idTag}` });
    return claimed ? '' : t('relay.unclaimed');
  };
  return (
    <li class="relay-row">
      <span>{props.identity.idTag}</span>
      <span class="quiet-text small">{note()}</span>
    </li>
  );
}

function Invitations(props: { naming: Naming; invitations: NamesHere['invitations']; changed: () => void }) {
  const noteId = createUniqueId();
  const [note, setNote] = createSignal('');
  const [link, setLink] = createSignal('');
  const make = async (event: SubmitEvent) => {
    event.preventDefault();
    await attempt(invite(props.naming, note().trim()).then(setLink));
    setNote('');
    props.changed();
  };
  const takeBack = async (id: string) => {
    await attempt(withdraw(props.naming, id));
    props.changed();
  };
  return (
    <div class="storage-part">
      <h3 class="label">{t('relay.invite')}</h3>
      <p class="quiet-text">{t('relay.inviteText')}</p>
      <form class="relay-invite" onSubmit={(event) => void make(event)}>
        <div class="field">
          <label for={noteId}>{t('relay.note')}</label>
          <input
            id={noteId}
            class="input"
            maxlength={100}
            value={note()}
            onInput={(event) => setNote(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button">
          {t('relay.make')}
        </button>
      </form>
      <Show when={link()}>
        <div class="relay-link" role="status">
          <p>{t('relay.link')}</p>
          <code>{link()}</code>
          <CopyButton
            value={link()}
            label={t('relay.copy')}
            doneLabel={t('dns.copied')}
            onError={(error) => showToast(String(error))}
          />
        </div>
      </Show>
      <ul class="relay-list">
        <For each={props.invitations}>
          {(invitation) => (
            <li class="relay-row">
              <span>{invitation.note || t('relay.someone')}</span>
              <span class="quiet-text small">
                {invitation.usedBy === undefined
                  ? t('relay.open.until', { day: formatDay(invitation.expiresAt) })
                  : t('relay.used', { idTag: invitation.usedBy })}
              </span>
              <Show when={invitation.usedBy === undefined}>
                <button type="button" class="button quiet" onClick={() => void takeBack(invitation.id)}>
                  {t('relay.withdraw')}
                </button>
              </Show>
            </li>
          )}
        </For>
      </ul>
    </div>
  );
}
