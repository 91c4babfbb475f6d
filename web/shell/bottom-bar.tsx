import { A, useNavigate } from '@solidjs/router';
import Bell from 'lucide-solid/icons/bell';
import Folder from 'lucide-solid/icons/folder';
import House from 'lucide-solid/icons/house';
import Newspaper from 'lucide-solid/icons/newspaper';
import SquarePen from 'lucide-solid/icons/square-pen';
import { t } from '../i18n/translate.ts';
import { newDocument } from '../state/documents.ts';
import { unreadMessages, unreadNotices } from '../state/unread.ts';

/** The places of a phone, under the thumb. */
export function BottomBar() {
  const navigate = useNavigate();
  const unread = () => unreadNotices() + unreadMessages();
  return (
    <nav class="bottom-bar" aria-label={t('nav.main')}>
      <A href="/home" activeClass="active">
        <House size={22} />
        {t('nav.home')}
      </A>
      <A href="/files" activeClass="active">
        <Folder size={22} />
        {t('nav.files')}
      </A>
      <button type="button" aria-label={t('nav.newDocument')} onClick={() => navigate(newDocument())}>
        <SquarePen size={22} />
        {t('nav.new')}
      </button>
      <A href="/feed" activeClass="active">
        <Newspaper size={22} />
        {t('nav.feed')}
      </A>
      <A href="/notices" activeClass="active">
        <span class="counted">
          <Bell size={22} />
          {unread() > 0 ? <b class="count">{unread()}</b> : undefined}
        </span>
        {t('nav.inbox')}
      </A>
    </nav>
  );
}
