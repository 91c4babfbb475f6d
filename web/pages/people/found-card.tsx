import {
  type Accessor,
  createResource,
  createSignal,
  createUniqueId,
  lazy,
  onCleanup,
  Show,
  Suspense,
  untrack,
} from 'solid-js';
import { parseDescriptor } from '../../../shared/file/descriptor.ts';
import type { Preview } from '../../client/actions/relations.ts';
import { t } from '../../i18n/social/translate.ts';
import { attempt } from '../../state/attempt.ts';
import { readBlob } from '../../state/blobs.ts';
import { identityState } from '../../state/identity.ts';
import { people, type PeopleSource } from '../../state/people.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { ConnectDialog } from './connect-dialog.tsx';
import { relationWords, trustWords } from './words.ts';

const PersonLinks = lazy(() => import('./person-links.tsx'));

/** Who was looked up; without a preview while nobody can be asked. */
export interface Found {
  idTag: string;
  preview: Preview | undefined;
}

/** Who somebody is, before one follows or asks. */
export function FoundCard(props: { found: Found; source: PeopleSource; onDone: () => void }) {
  const titleId = createUniqueId();
  const face = openFace(untrack(() => props.found.preview));
  const name = () => props.found.preview?.name || props.found.idTag;
  const known = () => people.people.find(({ idTag }) => idTag === props.found.idTag);
  const isSelf = () =>
    identityState.identity.kind === 'claimed' && identityState.identity.idTag === props.found.idTag;
  return (
    <section class="card found" data-testid="found" aria-labelledby={titleId}>
      <Avatar idTag={props.found.idTag} name={name()} src={face()} large />
      <div class="found-who">
        <h2 id={titleId}>{name()}</h2>
        <p class="quiet-text">{props.found.idTag}</p>
        <Show when={props.found.preview} fallback={<p class="small">{t('people.away')}</p>}>
          {(preview) => (
            <p class="small quiet-text">
              {t(`people.${preview().type}`)}
              <Show when={preview().trust}>{(trust) => <> · {trustWords(trust())}</>}</Show>
            </p>
          )}
        </Show>
        <Show when={props.found.preview}>
          <Suspense>
            <PersonLinks idTag={props.found.idTag} />
          </Suspense>
        </Show>
        <Show when={known()}>{(person) => <p class="small">{relationWords(person())}</p>}</Show>
      </div>
      <Show when={!isSelf()} fallback={<p class="quiet-text">{t('people.own')}</p>}>
        <Buttons found={props.found} name={name()} source={props.source} onDone={props.onDone} />
      </Show>
    </section>
  );
}

function Buttons(props: { found: Found; name: string; source: PeopleSource; onDone: () => void }) {
  const [connecting, setConnecting] = createSignal(false);
  const known = () => people.people.find(({ idTag }) => idTag === props.found.idTag);
  const follow = async () => {
    if (await attempt(props.source.follow(props.found.idTag))) props.onDone();
  };
  return (
    <div class="found-buttons">
      <Show when={known()?.blocked}>
        <button
          type="button"
          class="button"
          onClick={() => void attempt(props.source.block(props.found.idTag, false))}
        >
          {t('people.unblock')}
        </button>
      </Show>
      <Show when={!known()?.following && !known()?.blocked}>
        <button type="button" class="button primary" onClick={() => void follow()}>
          {t('people.follow')}
        </button>
      </Show>
      <Show when={(known()?.connected ?? 'none') === 'none' && !known()?.blocked}>
        <button type="button" class="button" onClick={() => setConnecting(true)}>
          {t('people.connect')}
        </button>
      </Show>
      <Show when={connecting()}>
        <ConnectDialog
          idTag={props.found.idTag}
          name={props.name}
          source={props.source}
          onClose={() => (setConnecting(false), props.onDone())}
        />
      </Show>
    </div>
  );
}

/** The picture they show of themselves, once the relay has it. */
function openFace(preview: Preview | undefined): Accessor<string | undefined> {
  const variants = preview?.picture ? parseDescriptor(preview.picture.descriptor) : [];
  const blob = ['vis.pf', 'vis.tn'].flatMap((wanted) => variants.filter(({ name }) => name === wanted))[0]
    ?.blob;
  const [url] = createResource(async () => {
    const bytes = blob === undefined ? undefined : await readBlob(blob);
    return bytes && URL.createObjectURL(bytes);
  });
  onCleanup(() => url.latest && URL.revokeObjectURL(url.latest));
  return () => url.latest;
}
