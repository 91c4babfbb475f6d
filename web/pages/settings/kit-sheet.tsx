import encodeQR from 'qr';
import { createMemo } from 'solid-js';
import { Portal } from 'solid-js/web';
import { formatDay } from '../../i18n/translate.ts';
import { t } from '../../i18n/recovery/translate.ts';
import type { MadeKit } from '../../state/recovery.ts';

/** The page to print: nothing else of the app is on paper while it is there. */
export function KitSheet(props: { kit: MadeKit }) {
  return (
    <Portal>
      <article class="kit-sheet" data-testid="kit-sheet">
        <h1>{t('sheet.title', { name: props.kit.idTag })}</h1>
        <p>{t('sheet.made', { date: formatDay(Date.now()) })}</p>
        <p>{t('sheet.how', { address: `${location.origin}/recover` })}</p>
        <p>{t('sheet.where')}</p>
        <p>
          <strong>{t('sheet.warn')}</strong>
        </p>
        <Code text={props.kit.code} />
        <h2>{t('sheet.text')}</h2>
        <p class="kit-code">{props.kit.code.replace(/(.{5})(?!$)/g, '$1 ')}</p>
      </article>
    </Portal>
  );
}

/** Capitals and digits only: a code of them has larger squares, which a poor printer and a poor camera can still do. */
function Code(props: { text: string }) {
  const rows = createMemo(() => encodeQR(props.text, 'raw', { ecc: 'medium', border: 4 }));
  const path = () =>
    rows()
      .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')))
      .join('');
  return (
    <svg
      class="kit-qr"
      viewBox={`0 0 ${rows().length} ${rows().length}`}
      shape-rendering="crispEdges"
      role="img"
      aria-label={t('recover.scan')}
    >
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path()} fill="#000" />
    </svg>
  );
}
