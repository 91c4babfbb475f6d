import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import { coversAll } from '../../../shared/device/capability.ts';
import {
  findPreset,
  listGrantable,
  mayGrantFolder,
  type PresetName,
  presetToCapabilities,
} from '../../../shared/device/presets.ts';
import { t } from '../../i18n/devices/translate.ts';
import { changeDevice, removeLostDevice, signOutOthers } from '../../state/device-care.ts';
import type { DeviceRow } from '../../state/identity.ts';
import { showToast } from '../../state/toasts.ts';
import { Dialog } from '../../ui/dialog.tsx';

/** Says what went wrong; a failure keeps the dialog as it is. */
export async function tell(action: Promise<unknown>): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    showToast(t('failed', { message: error instanceof Error ? error.message : String(error) }));
    return false;
  }
}

/** A question with one answer that does something, and a way out. */
function Decision(props: {
  title: string;
  save: string;
  danger?: boolean;
  act: () => Promise<unknown>;
  onClose: () => void;
  children: JSX.Element;
}) {
  const [busy, setBusy] = createSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    const done = await tell(props.act());
    setBusy(false);
    if (done) props.onClose();
  };
  return (
    <Dialog open title={props.title} closeLabel={t('close')} onClose={() => props.onClose()}>
      <form class="device-form" onSubmit={(event) => void submit(event)}>
        {props.children}
        <div class="device-form-buttons">
          <button type="button" class="button" onClick={() => props.onClose()}>
            {t('cancel')}
          </button>
          <button
            type="submit"
            class="button"
            classList={{ danger: props.danger === true, primary: props.danger !== true }}
            disabled={busy()}
          >
            {props.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function RenameDialog(props: { device: DeviceRow; onClose: () => void }) {
  const [name, setName] = createSignal(props.device.name);
  const id = createUniqueId();
  return (
    <Decision
      title={t('name.title', { name: props.device.name })}
      save={t('name.save')}
      act={() => changeDevice(props.device.did, { name: name().trim() })}
      onClose={props.onClose}
    >
      <div class="field">
        <label for={id}>{t('name.label')}</label>
        <input
          id={id}
          class="input"
          required
          maxLength={80}
          pattern=".*\S.*"
          value={name()}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
    </Decision>
  );
}

const days = { day: 1, week: 7, month: 30 } as const;
const spans = ['stays', 'day', 'week', 'month'] as const;
type Span = (typeof spans)[number];

/** When a span ends that begins now, in seconds; undefined for no other end than there is. */
function endOf(span: Span, { ends = Infinity }: DeviceRow): number | undefined {
  if (span === 'stays') return undefined;
  return Math.floor(Math.min(Date.now() + days[span] * 86_400_000, ends) / 1000);
}

/** Fewer rights, and an earlier end: what it has is marked, and only less is offered. */
export function NarrowDialog(props: { device: DeviceRow; onClose: () => void }) {
  const [preset, setPreset] = createSignal<PresetName | undefined>(
    listGrantable(props.device.cap).find((name) => name === findPreset(props.device.cap)),
  );
  const choices = () => listGrantable(props.device.cap);
  const [span, setSpan] = createSignal<Span>('stays');
  const choice = createUniqueId();
  const spanId = createUniqueId();
  const act = async () => {
    const chosen = preset();
    const cap = chosen && presetToCapabilities(chosen);
    const until = endOf(span(), props.device);
    const narrower = cap && !coversAll(cap, props.device.cap) ? { cap } : {};
    const change = { ...narrower, ...(until !== undefined && { until }) };
    if (Object.keys(change).length > 0) await changeDevice(props.device.did, change);
  };
  return (
    <Decision
      title={t('narrow.title', { name: props.device.name })}
      save={t('narrow.save')}
      act={act}
      onClose={props.onClose}
    >
      <Show when={choices().length > 0}>
        <fieldset class="device-choices">
          <legend class="label">{t('narrow.may')}</legend>
          <For each={choices()}>
            {(name) => (
              <label class="device-choice">
                <input
                  type="radio"
                  name={choice}
                  checked={preset() === name}
                  onChange={() => setPreset(name)}
                />
                <span>
                  <span class="label">{t(`choice.${name}`)}</span>
                  <span class="quiet-text small">{t(`explain.${name}`)}</span>
                </span>
              </label>
            )}
          </For>
        </fieldset>
      </Show>
      <div class="field">
        <label for={spanId}>{t('narrow.until')}</label>
        <select
          id={spanId}
          class="input"
          onChange={(event) => {
            const { value } = event.currentTarget;
            setSpan(spans.find((name) => name === value) ?? 'stays');
          }}
        >
          <For each={spans}>{(name) => <option value={name}>{t(`narrow.${name}`)}</option>}</For>
        </select>
      </div>
      <p class="quiet-text small">{t('narrow.note')}</p>
      <Show when={mayGrantFolder(props.device.cap)}>
        <p class="quiet-text small">{t('narrow.folder')}</p>
      </Show>
    </Decision>
  );
}

export function LostDialog(props: { device: DeviceRow; onClose: () => void }) {
  return (
    <Decision
      title={t('lost.title', { name: props.device.name })}
      save={t('lost.save')}
      danger
      act={() => removeLostDevice(props.device.did)}
      onClose={props.onClose}
    >
      <p>{t('lost.text1')}</p>
      <p>{t('lost.text2')}</p>
      <p class="quiet-text">{t('lost.text3')}</p>
    </Decision>
  );
}

/** Sign out everywhere: the row in Settings, and what it means before it is done. */
export function SignOutRow() {
  const [open, setOpen] = createSignal(false);
  const act = async () => {
    await signOutOthers();
    showToast(t('everywhere.done'));
  };
  return (
    <div class="setting devices-everywhere">
      <span class="setting-text">
        <span class="label">{t('everywhere.title')}</span>
        <span class="quiet-text small">{t('everywhere.short')}</span>
      </span>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        {t('everywhere.title')}
      </button>
      <Show when={open()}>
        <Decision
          title={t('everywhere.title')}
          save={t('everywhere.save')}
          danger
          act={act}
          onClose={() => setOpen(false)}
        >
          <p>{t('everywhere.text1')}</p>
          <p>{t('everywhere.text2')}</p>
        </Decision>
      </Show>
    </div>
  );
}
