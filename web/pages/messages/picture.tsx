import type { PictureView } from '../../client/actions/feed.ts';
import { t } from '../../i18n/messages/translate.ts';
import type { MessagesSource } from '../../state/messages.ts';
import { LatePicture } from '../../ui/late-picture.tsx';

/** A picture of a message. */
export function Picture(props: { picture: PictureView; name: string; source: MessagesSource }) {
  return (
    <LatePicture
      read={() => props.source.readPicture(props.picture.id)}
      width={props.picture.width}
      height={props.picture.height}
      class="message-picture"
      alt={t('messages.pictureOf', { name: props.name })}
      missingClass="message-picture missing small"
      missing={t('messages.pictureMissing')}
    />
  );
}
