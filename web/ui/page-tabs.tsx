import { A } from '@solidjs/router';
import { For } from 'solid-js';

/** Pages that belong together, side by side at the top of each of them. Where the sidebar has them too, they are not shown. */
export function PageTabs(props: { label: string; tabs: { href: string; label: string; count?: number }[] }) {
  return (
    <nav class="page-tabs" aria-label={props.label}>
      <For each={props.tabs}>
        {(tab) => (
          <A href={tab.href} activeClass="active" end>
            {tab.label}
            {tab.count ? <b class="count">{tab.count}</b> : undefined}
          </A>
        )}
      </For>
    </nav>
  );
}
