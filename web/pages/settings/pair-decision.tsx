import { createSignal, createUniqueId, For, Show } from 'solid-js';
import type { PresetName } from '../../../shared/device/presets.ts';
import { t } from '../../i18n/ways/translate.ts';
import { keepOut, letIn, type Pairing } from '../../state/pairing.ts';
import { listFolders } from '../../state/one-folder.ts';
import { showToast } from '../../state/toasts.ts';
import { tellFailure } from '../../state/way-failure.ts';
import { ThreeWords } from '../../ui/three-words.tsx';
import { type ChosenFolder, FolderChoice } from './folder-choice.tsx';

/** In seconds from now. */
const terms = { always: undefined, day: 86_400, week: 7 * 86_400, month: 30 * 86_400 } as const;
type Term = keyof typeof terms;
const termNames = ['always', 'day', 'week', 'month'] as const;

type Choice = PresetName | 'folder';

/** Words to compare, what the device is called, what it may do and until when. */
export function PairDecision(props: { asked: Extract<Pairing, { kind: 'asked' }> }) {
  const [name, setName] = createSignal(props.asked.name);
  const [choice, setChoice] = createSignal<Choice>(props.asked.choices[0] ?? 'read');
  const [folder, setFolder] = createSignal<ChosenFolder>({ folder: '', write: true });
  const [term, setTerm] = createSignal<Term>('always');
  const [busy, setBusy] = createSignal(false);
  const nameId = createUniqueId();
  const termId = createUniqueId();
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    await work().catch((error: unknown) => showToast(tellFailure(error)));
    setBusy(false);
  };
  /** Undefined while no folder can be chosen. */
  const may = () => {
    const chosen = choice();
    if (chosen !== 'folder') return chosen;
    const first = folder().folder || listFolders()[0]?.id;
    return first === undefined ? undefined : { ...folder(), folder: first };
  };
  const decide = async () => {
    const chosen = may();
    if (chosen === undefined) return;
    const lasts = terms[term()];
    const until = lasts === undefined ? undefined : Math.floor(Date.now() / 1000) + lasts;
    await letIn({ name: name().trim() || props.asked.name, may: chosen, until });
  };
  return (
    <form
      class="pair-decision"
      onSubmit={(event) => {
        event.preventDefault();
        void run(decide);
      }}
    >
      <p class="label">{t('pair.compare')}</p>
      <ThreeWords label={t('door.words')} words={props.asked.words} />
      <div class="field">
        <label for={nameId}>{t('pair.name')}</label>
        <input
          id={nameId}
          class="input"
          maxlength={60}
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <Choices
        choices={[...props.asked.choices, ...(props.asked.folders ? (['folder'] as const) : [])]}
        value={choice()}
        onChange={setChoice}
      />
      <Show when={choice() === 'folder'}>
        <FolderChoice value={folder()} onChange={setFolder} />
      </Show>
      <div class="field">
        <label for={termId}>{t('pair.until')}</label>
        <select
          id={termId}
          class="input"
          onChange={(event) =>
            setTerm(termNames.find((one) => one === event.currentTarget.value) ?? 'always')
          }
        >
          <For each={termNames}>{(one) => <option value={one}>{t(`until.${one}`)}</option>}</For>
        </select>
      </div>
      <div class="pair-buttons">
        <button type="submit" class="button primary" disabled={busy() || may() === undefined}>
          {t('pair.same')}
        </button>
        <button type="button" class="button" disabled={busy()} onClick={() => void run(keepOut)}>
          {t('pair.different')}
        </button>
      </div>
    </form>
  );
}

function Choices(props: { choices: readonly Choice[]; value: Choice; onChange: (choice: Choice) => void }) {
  const group = createUniqueId();
  return (
    <fieldset class="pair-choices">
      <legend class="label">{t('pair.may')}</legend>
      <For each={props.choices}>
        {(choice) => (
          <label class="pair-choice">
            <input
              type="radio"
              name={group}
              checked={props.value === choice}
              onChange={() => props.onChange(choice)}
            />
            <span>{t(`preset.${choice}`)}</span>
            <span class="quiet-text small">{t(`preset.${choice}.text`)}</span>
          </label>
        )}
      </For>
    </fieldset>
  );
}
