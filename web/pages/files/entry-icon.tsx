import Archive from 'lucide-solid/icons/file-archive';
import FileIcon from 'lucide-solid/icons/file';
import FileCode from 'lucide-solid/icons/file-code';
import FileText from 'lucide-solid/icons/file-text';
import FileType from 'lucide-solid/icons/file-type';
import Film from 'lucide-solid/icons/film';
import Folder from 'lucide-solid/icons/folder';
import FolderLock from 'lucide-solid/icons/folder-lock';
import ImageIcon from 'lucide-solid/icons/image';
import Lock from 'lucide-solid/icons/lock';
import Music from 'lucide-solid/icons/music';
import { type Component, createSignal, Match, Show, Switch } from 'solid-js';
import { kindOf, type Kind } from '../../client/documents/find-entries.ts';
import { t } from '../../i18n/files/translate.ts';
import { t as types } from '../../i18n/types/translate.ts';
import { type FileItem, fileUrl, servable } from '../../state/files.ts';
import { createPreview } from '../../state/previews.ts';
import { newTypes } from '../../state/typed-documents.ts';
import { findTypeIcon } from '../../ui/type-icon.tsx';
import { safePicture } from './pictures.ts';
import './thumbnail.css';

const icons: Record<Kind, Component<{ size?: number }>> = {
  folder: Folder,
  document: FileText,
  picture: ImageIcon,
  video: Film,
  audio: Music,
  pdf: FileType,
  text: FileCode,
  archive: Archive,
  other: FileIcon,
};

/** The sign of an entry's kind. */
export function KindIcon(props: { item: FileItem; size: number }) {
  const icon = () => {
    if (props.item.locked) return Lock;
    if (props.item.vault) return FolderLock;
    return findTypeIcon(props.item.type) ?? icons[kindOf(props.item)];
  };
  return <>{icon()({ size: props.size })}</>;
}

/** What an entry is, in one word. */
export function kindWord(item: FileItem): string {
  if (item.vault) return t('files.is.vault');
  const type = newTypes.find((one) => one === item.type);
  if (type) return types(`types.${type}`);
  return item.locked ? t('files.is.sealed') : t(`files.is.${kindOf(item)}`);
}

/** Its small picture when there is one, else the sign of its kind; `px` is how large it is drawn. */
export function Thumbnail(props: { item: FileItem; px: number; iconSize: number }) {
  const [broken, setBroken] = createSignal(false);
  const source = () => {
    const variant = servable() ? safePicture(props.item, props.px) : undefined;
    return variant === undefined ? undefined : fileUrl(props.item.id, variant);
  };
  // A drawing of the size of a sign says nothing.
  const preview = createPreview(() => (props.px < 100 ? undefined : props.item));
  return (
    <span class="thumbnail" data-kind={props.item.locked ? 'locked' : kindOf(props.item)} aria-hidden="true">
      <Switch fallback={<KindIcon item={props.item} size={props.iconSize} />}>
        <Match when={!broken() && source()}>
          {(src) => (
            <img
              src={src()}
              alt=""
              loading="lazy"
              decoding="async"
              draggable={false}
              onError={() => setBroken(true)}
            />
          )}
        </Match>
        <Match when={preview()}>
          {(src) => <img class="thumbnail-drawing" src={src()} alt="" draggable={false} />}
        </Match>
      </Switch>
      <Show when={props.item.type === 'sealed' && !props.item.locked}>
        <span class="thumbnail-seal">
          <Lock size={10} />
        </span>
      </Show>
    </span>
  );
}
