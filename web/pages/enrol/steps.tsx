import { createSignal, createUniqueId, onCleanup, onMount, Show } from 'solid-js';
import { formatCode, type Pairing, parsePairing } from '../../../shared/device/pairing.ts';
import { t } from '../../i18n/ways/translate.ts';
import {
  type Arrival,
  joinByCode,
  joinByOffer,
  joinByPasskey,
  joinByPassword,
  makeCode,
} from '../../state/getting-in.ts';
import { joining } from '../../state/joining.ts';
import { decideSetup } from '../../state/setup.ts';
import { QrCode } from '../../ui/qr-code.tsx';
import { Scanner } from '../../ui/scanner.tsx';
import { isUnderWay } from './progress.tsx';

interface StepProps {
  arrival: Arrival;
}

function readPairing(text: string): Pairing | undefined {
  try {
    return parsePairing(text);
  } catch {
    return undefined;
  }
}

/** A code of another device, by camera or typed. */
export function ByCode(props: StepProps & { camera: boolean }) {
  const [camera, setCamera] = createSignal(props.camera);
  const [problem, setProblem] = createSignal('');
  const [text, setText] = createSignal('');
  const leaving = new AbortController();
  onCleanup(() => leaving.abort());
  const id = createUniqueId();
  const start = (pairing: Pairing | undefined): boolean => {
    setProblem(pairing ? '' : t('error.invalid'));
    if (pairing) void joinByCode(pairing, props.arrival, leaving.signal);
    return pairing !== undefined;
  };
  const scanned = (read: string): boolean => {
    const origin = /^https?:\/\/[^/#]+/.exec(read)?.[0];
    const pairing = readPairing(read);
    if (!pairing || !origin || origin === location.origin) return pairing !== undefined && start(pairing);
    setProblem(t('door.foreignCode', { origin }));
    return false;
  };
  return (
    <Show when={!isUnderWay()}>
      <Show when={camera()}>
        <p>{t('door.cameraText')}</p>
        <Scanner
          label={t('door.camera')}
          onText={scanned}
          onError={(error) => {
            setCamera(false);
            setProblem(
              t('door.noCamera', { message: error instanceof Error ? error.message : String(error) }),
            );
          }}
        />
      </Show>
      <Show when={problem()}>
        <p class="error-text" role="alert">
          {problem()}
        </p>
      </Show>
      <form
        class="join-form"
        onSubmit={(event) => {
          event.preventDefault();
          start(readPairing(text()));
        }}
      >
        <div class="field">
          <label for={id}>{t('door.code')}</label>
          <input
            id={id}
            class="input code-text"
            autocomplete="off"
            autocapitalize="characters"
            spellcheck={false}
            placeholder="0000-0000-0000-0000"
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button primary" disabled={text().trim() === ''}>
          {t('door.go')}
        </button>
      </form>
    </Show>
  );
}

/** This browser shows a code, for a device that is in to read. */
export function ShowsCode(props: StepProps) {
  const code = makeCode();
  const leaving = new AbortController();
  onMount(() => void joinByOffer(code, props.arrival, leaving.signal));
  onCleanup(() => leaving.abort());
  const url = () =>
    `${location.origin}/enrol#${formatCode(code)}${props.arrival.idTag ? `&${props.arrival.idTag}` : ''}`;
  return (
    <Show when={joining().kind === 'waiting'}>
      <p>{t('door.codeText')}</p>
      <QrCode text={url()} label={t('door.codeLabel')} />
      <p class="code-text" data-testid="code">
        {formatCode(code)}
      </p>
    </Show>
  );
}

export function ByPasskey(props: StepProps) {
  const start = () => void joinByPasskey(props.arrival);
  onMount(start); // choosing it was the decision
  return (
    <Show when={joining().kind === 'failed'}>
      <button type="button" class="button primary" onClick={start}>
        {t('door.retry')}
      </button>
    </Show>
  );
}

export function ByPassword(props: StepProps) {
  const [password, setPassword] = createSignal('');
  const id = createUniqueId();
  return (
    <Show when={!isUnderWay()}>
      <form
        class="join-form"
        onSubmit={(event) => {
          event.preventDefault();
          void joinByPassword(password(), props.arrival);
        }}
      >
        <input
          type="text"
          name="username"
          autocomplete="username"
          value={props.arrival.idTag ?? ''}
          hidden
          readonly
        />
        <div class="field">
          <label for={id}>{t('door.password')}</label>
          <input
            id={id}
            class="input"
            type="password"
            autocomplete="current-password"
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="button primary" disabled={password() === ''}>
          {t('door.enter')}
        </button>
      </form>
    </Show>
  );
}

/** Only the fragment of what was pasted counts: it opens here, wherever it was printed. */
export function BySetupLink() {
  const [text, setText] = createSignal('');
  const id = createUniqueId();
  const fragment = () => /#([\w-]{16,}(&[\w.-]+)?)$/.exec(text().trim())?.[1];
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        const found = fragment();
        if (found === undefined) return;
        decideSetup(`#${found}`);
        location.assign(`/setup#${found}`);
      }}
    >
      <div class="field">
        <label for={id}>{t('door.setupLabel')}</label>
        <input
          id={id}
          class="input"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </div>
      <Show when={text().trim() !== '' && fragment() === undefined}>
        <p class="error-text">{t('door.setupInvalid')}</p>
      </Show>
      <button type="submit" class="button primary" disabled={fragment() === undefined}>
        {t('door.go')}
      </button>
    </form>
  );
}
