import { createResource, For, Show } from 'solid-js';
import { t } from '../../i18n/identity/translate.ts';
import { readLinkedOf } from '../../state/identity-care.ts';
import './person-links.css';

/** Without what stands before it for machines. */
function shorten(uri: string): string {
  return uri.replace(/^(dns:|https:\/\/|did:pkh:eip155:\d+:)/, '').replace(/\/$/, '');
}

/** Other names of somebody that this identity's relay found to be theirs (SPEC N10). Nothing while it cannot be asked. */
export default function PersonLinks(props: { idTag: string }) {
  const [uris] = createResource(
    () => props.idTag,
    (idTag) => readLinkedOf(idTag).catch((): readonly string[] => []),
  );
  const isPage = (uri: string) => uri.startsWith('https://');
  return (
    <Show when={(uris.latest?.length ?? 0) > 0}>
      <p class="small linked-uris" data-testid="linked">
        <span class="quiet-text">{t('links.person')}</span>{' '}
        <For each={uris.latest}>
          {(uri, i) => (
            <>
              {i() > 0 ? ', ' : ''}
              <Show when={isPage(uri)} fallback={<span title={uri}>{shorten(uri)}</span>}>
                <a href={uri} rel="noopener noreferrer nofollow" target="_blank">
                  {shorten(uri)}
                </a>
              </Show>
            </>
          )}
        </For>
      </p>
    </Show>
  );
}
