import { useNavigate } from '@solidjs/router';
import { createSignal, createUniqueId, Show } from 'solid-js';
import { t } from '../../i18n/messages/translate.ts';
import { attempt } from '../../state/attempt.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { orders, setOrder } from '../../state/orders.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Switch } from '../../ui/switch.tsx';
import { chatPath } from './chat-list.tsx';
import { ChoosePeople } from './choose-people.tsx';

/** Begins: with one person, or a conversation of several that has a name. */
export function StartDialog(props: { source: MessagesSource; onClose: () => void }) {
  const navigate = useNavigate();
  const [chosen, setChosen] = createSignal<string[]>([]);
  const [name, setName] = createSignal('');
  const [vouch, setVouch] = createSignal(true);
  const isGroup = () => chosen().length > 1 || name().trim() !== '';
  const ready = () => chosen().length > 0 && (chosen().length === 1 || name().trim() !== '');

  const start = async () => {
    if (!ready()) return;
    const [one] = chosen();
    if (!isGroup() && one !== undefined) {
      props.onClose();
      return navigate(chatPath(one));
    }
    const begun = await begin(props.source, name().trim(), chosen());
    if (begun === undefined) return;
    if (vouch() && !orders.vouch) void giveOrder();
    props.onClose();
    navigate(chatPath(begun));
  };
  return (
    <Dialog open title={t('messages.new')} closeLabel={t('talk.cancel')} onClose={() => props.onClose()}>
      <form
        class="start-form"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        <ChoosePeople label={t('talk.to')} chosen={chosen()} onChange={setChosen} />
        <NameField name={name()} onName={setName} />
        <Show when={isGroup() && !orders.vouch}>
          <Switch label={t('talk.vouch')} hint={t('talk.vouchHint')} checked={vouch()} onChange={setVouch} />
        </Show>
        <button type="submit" class="button primary" disabled={!ready()}>
          {t('talk.start')}
        </button>
      </form>
    </Dialog>
  );
}

function NameField(props: { name: string; onName: (name: string) => void }) {
  const id = createUniqueId();
  const hint = createUniqueId();
  return (
    <div class="field">
      <label for={id}>{t('talk.name')}</label>
      <input
        id={id}
        class="input"
        maxlength={100}
        aria-describedby={hint}
        value={props.name}
        onInput={(event) => props.onName(event.currentTarget.value)}
      />
      <p id={hint} class="small quiet-text">
        {t('talk.nameHint')}
      </p>
    </div>
  );
}

/** The id of the conversation; undefined when it did not work, which was told. */
async function begin(
  { conversations }: MessagesSource,
  name: string,
  people: readonly string[],
): Promise<string | undefined> {
  let begun: string | undefined;
  await attempt(
    conversations.create(name).then(async (id) => {
      begun = id;
      for (const idTag of people) await conversations.invite(id, idTag);
    }),
  );
  return begun;
}

/** Needs the relay; without it the conversation says itself what is missing. */
async function giveOrder(): Promise<void> {
  try {
    await setOrder('vouch', true);
  } catch (reason) {
    showToast(t('talk.vouchFailed', { message: reason instanceof Error ? reason.message : String(reason) }));
  }
}
