import { A, useNavigate } from '@solidjs/router';
import Folder from 'lucide-solid/icons/folder';
import House from 'lucide-solid/icons/house';
import Newspaper from 'lucide-solid/icons/newspaper';
import SquarePen from 'lucide-solid/icons/square-pen';
import Users from 'lucide-solid/icons/users';
import { t } from '../i18n/translate.ts';
import { newDocument } from '../state/documents.ts';

/** The places of a phone, under the thumb. */
export function BottomBar() {
  const navigate = useNavigate();
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
      <A href="/people" activeClass="active">
        <Users size={22} />
        {t('nav.people')}
      </A>
    </nav>
  );
}
