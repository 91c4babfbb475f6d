import { A } from '@solidjs/router';
import Compass from 'lucide-solid/icons/compass';
import { t } from '../i18n/translate.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Page } from '../ui/page.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  return (
    <Page title={t('notFound.title')}>
      <EmptyState icon={Compass} text={t('notFound.text')}>
        <A class="button primary" href="/home">
          {t('nav.home')}
        </A>
      </EmptyState>
    </Page>
  );
}
