import Calendar from 'lucide-solid/icons/calendar';
import CircleCheck from 'lucide-solid/icons/circle-check';
import ListChecks from 'lucide-solid/icons/list-checks';
import { For, Show } from 'solid-js';
import { t } from '../../i18n/board/translate.ts';
import { locale } from '../../i18n/translate.ts';
import { faceUrl } from '../../state/faces.ts';
import { Avatar } from '../../ui/avatar.tsx';
import type { BoardState } from './board-state.ts';
import { cardTitle } from './carrying.ts';
import type { Card } from './model/board.ts';

/** A day (`YYYY-MM-DD`) in words of the language. */
export function formatDue(due: string): string {
  const style: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', timeZone: 'UTC' };
  return new Intl.DateTimeFormat(locale(), style).format(Date.parse(`${due}T00:00:00Z`));
}

function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** What a card shows without being opened. */
export function CardFace(props: { card: Card; state: BoardState }) {
  const labels = () => props.state.board.labels.filter(({ id }) => props.card.labels.includes(id));
  const late = () => props.card.due !== '' && !props.card.done && props.card.due < today();
  const done = () => props.card.checks.filter((check) => check.done).length;
  const hasSigns = () =>
    props.card.done || props.card.due !== '' || props.card.checks.length > 0 || props.card.people.length > 0;
  return (
    <>
      <Show when={labels().length > 0}>
        <span class="card-labels">
          <For each={labels()}>
            {(label) => (
              <span class={`board-label label-${label.color}`}>
                <span class="visually-hidden">{t('card.labelled', { name: label.name })}</span>
                <span aria-hidden="true">{label.name}</span>
              </span>
            )}
          </For>
        </span>
      </Show>
      <span class="card-title">{cardTitle(props.card)}</span>
      <Show when={hasSigns()}>
        <span class="card-signs">
          <Show when={props.card.done}>
            <span class="card-sign done">
              <CircleCheck size={14} />
              {t('card.done')}
            </span>
          </Show>
          <Show when={props.card.due}>
            {(due) => (
              <span class="card-sign" classList={{ late: late() }}>
                <Calendar size={14} />
                <span class="visually-hidden">
                  {t(late() ? 'card.overdue' : 'card.due', { day: formatDue(due()) })}
                </span>
                <span aria-hidden="true">{formatDue(due())}</span>
              </span>
            )}
          </Show>
          <Show when={props.card.checks.length > 0}>
            <span class="card-sign">
              <ListChecks size={14} />
              <span class="visually-hidden">
                {t('card.checks', { done: done(), all: props.card.checks.length })}
              </span>
              <span aria-hidden="true">
                {done()}/{props.card.checks.length}
              </span>
            </span>
          </Show>
          <span class="card-people">
            <For each={props.card.people}>
              {(person) => (
                <span>
                  <span class="visually-hidden">{t('card.of', { name: person })}</span>
                  <Avatar idTag={person} name={person} src={faceUrl(person)} small />
                </span>
              )}
            </For>
          </span>
        </span>
      </Show>
      <For each={props.state.lookers(props.card.id)}>
        {(other) => (
          <span class="card-looker" style={{ background: other.color }}>
            {t('board.here', { name: other.name })}
          </span>
        )}
      </For>
    </>
  );
}
