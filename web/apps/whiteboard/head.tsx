import Ellipsis from 'lucide-solid/icons/ellipsis';
import Maximize from 'lucide-solid/icons/maximize';
import Redo2 from 'lucide-solid/icons/redo-2';
import Undo2 from 'lucide-solid/icons/undo-2';
import ZoomIn from 'lucide-solid/icons/zoom-in';
import ZoomOut from 'lucide-solid/icons/zoom-out';
import { type Component, Show } from 'solid-js';
import { t } from '../../i18n/whiteboard/translate.ts';
import { saveFile } from '../../state/save-file.ts';
import { noteExported } from '../../state/where.ts';
import { MenuButton } from '../../ui/menu.tsx';
import { middleOfStage } from './keys.ts';
import { exportPng, exportSvg } from './pictures.ts';
import { type StageState, fitView, zoomed } from './stage-state.ts';

/** Name, undo, zoom, and files out. */
export function Head(props: { state: StageState }) {
  const { state } = props;
  const { app } = state;
  const zoom = (factor: number) => () => state.setView(zoomed(state.view(), factor, middleOfStage(state)));
  const save = (file: Promise<Blob>, ending: string) => {
    file.then((blob) => saveFile(blob, app.title(), ending)).catch((error: unknown) => app.onError(error));
  };
  const items = () => [
    {
      label: t('white.exportSvg'),
      run: () => {
        const written = exportSvg(state).then(({ file }) => file);
        save(written, '.svg');
        written.then(() => noteExported([app.open.id])).catch((error: unknown) => app.onError(error));
      },
    },
    { label: t('white.exportPng'), run: () => save(exportPng(state), '.png') },
  ];
  return (
    <div class="white-head">
      <input
        class="input white-title"
        aria-label={t('white.title')}
        placeholder={t('white.title')}
        value={app.title()}
        readonly={!app.writable()}
        onChange={(event) => app.setTitle(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Enter' && event.currentTarget.blur()}
      />
      <div class="white-view">
        <Show when={app.writable()}>
          <HeadButton icon={Undo2} label={t('white.undo')} idle={!app.canUndo()} run={() => app.undo()} />
          <HeadButton icon={Redo2} label={t('white.redo')} idle={!app.canRedo()} run={() => app.redo()} />
        </Show>
        <HeadButton icon={ZoomOut} label={t('white.zoomOut')} run={zoom(0.8)} />
        <HeadButton icon={ZoomIn} label={t('white.zoomIn')} run={zoom(1.25)} />
        <HeadButton
          icon={Maximize}
          label={t('white.zoomFit')}
          run={() => state.setView(fitView(state.objects(), state.size()))}
        />
        <MenuButton label={t('white.more')} items={items()}>
          <Ellipsis size={18} />
        </MenuButton>
      </div>
    </div>
  );
}

function HeadButton(props: {
  icon: Component<{ size?: number }>;
  label: string;
  idle?: boolean;
  run: () => void;
}) {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      disabled={props.idle ?? false}
      onClick={() => props.run()}
    >
      {props.icon({ size: 17 })}
    </button>
  );
}
