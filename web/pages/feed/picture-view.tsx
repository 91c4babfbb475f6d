import type { PictureView as Picture } from '../../client/actions/feed.ts';
import { t } from '../../i18n/social/translate.ts';
import type { FeedSource } from '../../state/feed.ts';
import { LatePicture } from '../../ui/late-picture.tsx';

/** A picture of a post. */
export function PictureView(props: { picture: Picture; text: string; source: FeedSource }) {
  return (
    <LatePicture
      read={() => props.source.readPicture(props.picture.id)}
      width={props.picture.width}
      height={props.picture.height}
      class="post-picture"
      alt={t('feed.picture', { text: props.text.slice(0, 80) })}
      missingClass="post-picture-missing"
      missing={t('feed.pictureMissing')}
    />
  );
}
