import type { ComponentProps } from 'solid-js';
import { Into } from '../../ui/page.tsx';
import Beside from './beside.tsx';
import CompanionTools from './companion-tools.tsx';
import DocumentMenu from './document-menu.tsx';

/** What the header has for a document, and what stands beside its text: fetched together, when the text is there. */
export default function DocumentTools(props: ComponentProps<typeof DocumentMenu>) {
  return (
    <div class="document-tools">
      <CompanionTools />
      <DocumentMenu {...props} />
      <Into slot={document.getElementById('main') ?? undefined}>
        <Beside />
      </Into>
    </div>
  );
}
