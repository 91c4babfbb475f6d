import { useNavigate } from '@solidjs/router';
import CalendarDays from 'lucide-solid/icons/calendar-days';
import NotebookText from 'lucide-solid/icons/notebook-text';
import SquareKanban from 'lucide-solid/icons/square-kanban';
import Users from 'lucide-solid/icons/users';
import { type Component, createUniqueId, For, Show } from 'solid-js';
import { t } from '../../i18n/library/translate.ts';
import { locale } from '../../i18n/translate.ts';
import { fileItems } from '../../state/files.ts';
import { newFromTemplate, type TemplateSource } from '../../state/library.ts';
import { Dialog } from '../../ui/dialog.tsx';
import './template-dialog.css';
import { attempt } from './operations.ts';
import { shownTitle } from './words.ts';

const builtIn = [
  { name: 'meeting', icon: Users },
  { name: 'week', icon: CalendarDays },
  { name: 'project', icon: SquareKanban },
] as const;

/** Chooses what a new document begins with. */
export default function TemplateDialog(props: { parent: string; onClose: () => void }) {
  const navigate = useNavigate();
  const heading = createUniqueId();
  const { compare } = new Intl.Collator(locale(), { numeric: true });
  const own = () =>
    fileItems()
      .filter(({ template, trashed }) => template !== undefined && trashed === 0)
      .sort((a, b) => compare(shownTitle(a), shownTitle(b)));
  const make = async (source: TemplateSource) => {
    props.onClose();
    const path = await attempt(() => newFromTemplate(source, props.parent));
    if (path !== undefined) navigate(path);
  };
  const markdown = (name: (typeof builtIn)[number]['name']) =>
    t(`template.${name}.body`, {
      date: new Intl.DateTimeFormat(locale(), { dateStyle: 'long' }).format(Date.now()),
    });
  return (
    <Dialog
      open
      title={t('library.templateTitle')}
      closeLabel={t('library.close')}
      onClose={() => props.onClose()}
    >
      <div class="templates">
        <Show when={own().length > 0}>
          <section aria-labelledby={`${heading}-own`}>
            <h3 id={`${heading}-own`}>{t('library.templateOwn')}</h3>
            <For each={own()}>
              {(item) => (
                <Template
                  icon={NotebookText}
                  title={shownTitle(item)}
                  words={item.excerpt}
                  onChoose={() => void make({ id: item.id })}
                />
              )}
            </For>
          </section>
        </Show>
        <section aria-labelledby={`${heading}-built-in`}>
          <h3 id={`${heading}-built-in`}>{t('library.templateBuiltIn')}</h3>
          <For each={builtIn}>
            {({ name, icon }) => (
              <Template
                icon={icon}
                title={t(`template.${name}`)}
                words={t(`template.${name}.what`)}
                onChoose={() => void make({ markdown: markdown(name) })}
              />
            )}
          </For>
        </section>
        <p class="quiet-text small">{t('library.templateHow')}</p>
      </div>
    </Dialog>
  );
}

function Template(props: {
  icon: Component<{ size?: number }>;
  title: string;
  words: string;
  onChoose: () => void;
}) {
  return (
    <button type="button" class="template" onClick={() => props.onChoose()}>
      {props.icon({ size: 20 })}
      <span>
        <bdi>{props.title}</bdi>
        <span class="quiet-text small">{props.words}</span>
      </span>
    </button>
  );
}
