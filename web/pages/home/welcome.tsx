import { A } from '@solidjs/router';
import Check from 'lucide-solid/icons/check';
import X from 'lucide-solid/icons/x';
import { createSignal, createUniqueId, For, Show } from 'solid-js';
import { t as tHome } from '../../i18n/home/translate.ts';
import { t } from '../../i18n/translate.ts';
import { documentList } from '../../state/documents.ts';
import { identityState, isClaimed } from '../../state/identity.ts';
import { everImported } from '../../state/importing.ts';
import { install, installed } from '../../state/install.ts';
import { hideWelcome, welcomeHidden } from '../../state/preferences.ts';

interface Step {
  label: string;
  done: boolean;
  href?: string;
  run?: () => void;
}

/** The first steps, each ticked by what is really so; goes away when all are, or when told to. */
export function Welcome() {
  const headingId = createUniqueId();
  const [hint, setHint] = createSignal(false);
  const tryInstall = async () => setHint(!(await install()));
  const pickFiles = () => document.querySelector<HTMLElement>('.import-button [aria-haspopup]')?.click();
  const steps = (): Step[] => [
    { label: tHome('welcome.write'), done: documentList().length > 0, href: '/' },
    { label: tHome('welcome.import'), done: everImported(), run: pickFiles },
    { label: tHome('welcome.install'), done: installed(), run: () => void tryInstall() },
    { label: tHome('welcome.name'), done: isClaimed(), href: '/name' },
    { label: tHome('welcome.link'), done: identityState.devices.length > 1, href: '/settings#link' },
  ];
  const done = () => steps().filter((step) => step.done).length;
  return (
    <Show when={!welcomeHidden() && done() < steps().length}>
      <section class="card welcome" aria-labelledby={headingId}>
        <div class="list-head">
          <h2 id={headingId}>{tHome('welcome.title')}</h2>
          <span class="quiet-text small">
            {tHome('welcome.progress', { done: done(), total: steps().length })}
          </span>
          <button
            type="button"
            class="icon-button"
            aria-label={`${tHome('welcome.hide')} – ${tHome('welcome.title')}`}
            onClick={() => hideWelcome(true)}
          >
            <X size={16} />
          </button>
        </div>
        <ul role="list">
          <For each={steps()}>
            {(step) => (
              <li class="welcome-step" data-done={step.done ? '' : undefined}>
                <span class="welcome-tick" aria-hidden="true">
                  <Show when={step.done}>
                    <Check size={14} />
                  </Show>
                </span>
                <StepLabel step={step} />
              </li>
            )}
          </For>
        </ul>
        <Show when={hint()}>
          <p class="quiet-text small" role="status">
            {t('card.installHow')}
          </p>
        </Show>
      </section>
    </Show>
  );
}

function StepLabel(props: { step: Step }) {
  return (
    <Show when={!props.step.done} fallback={<span class="quiet-text">{props.step.label}</span>}>
      <Show
        when={props.step.href}
        fallback={
          <button type="button" class="welcome-link" onClick={() => props.step.run?.()}>
            {props.step.label}
          </button>
        }
      >
        {(href) => (
          <A class="welcome-link" href={href()}>
            {props.step.label}
          </A>
        )}
      </Show>
    </Show>
  );
}
