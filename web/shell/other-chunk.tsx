import { render } from 'solid-js/web';
import { Show } from 'solid-js';
import { t } from '../i18n/quill/translate.ts';
import type { EditorSession, ForeignDocument } from '../state/text-app.ts';

const nothing = {
  editable: false,
  active: new Set<never>(),
  canUndo: false,
  canRedo: false,
  link: undefined,
};

/** Says what a document is that this version cannot show. It is opened, so that it goes on being kept and mirrored. */
export function openForeign({ documents, open, element, options }: ForeignDocument): EditorSession {
  const entry = documents.entry(open.id);
  const remove = render(() => <Unknown kind={entry?.mime} owner={entry?.owner} />, element);
  return {
    watchSaved: (listener) => open.saved.subscribe(listener),
    watchState: (listener) => (listener(nothing), () => undefined),
    setUser: () => undefined,
    focus: () => undefined,
    adopt: () => undefined,
    run: () => undefined,
    setLink: () => false,
    insertImage: () => Promise.resolve(),
    close() {
      remove();
      open.close().catch((error: unknown) => options.onError(error));
    },
  };
}

function Unknown(props: { kind: string | undefined; owner: string | undefined }) {
  return (
    <section class="other-document">
      <h2>{t('other.title')}</h2>
      <Show when={props.owner}>{(owner) => <p>{t('other.from', { owner: owner() })}</p>}</Show>
      <Show when={props.kind}>{(type) => <p>{t('other.kind', { type: type() })}</p>}</Show>
      <p>{t('other.kept')}</p>
    </section>
  );
}
