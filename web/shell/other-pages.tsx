import { useLocation } from '@solidjs/router';
import { type Component, lazy } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { NotFound } from './not-found.tsx';

/** Pages that are seldom opened, and then by their address: ways in, and what comes from elsewhere. */
const pages: Readonly<Record<string, Component>> = {
  '/authorize': lazy(() => import('../pages/authorize/authorize-page.tsx')),
  '/recover': lazy(() => import('../pages/recover/recover-page.tsx')),
  '/setup': lazy(() => import('../pages/setup/setup-page.tsx')),
  '/enrol': lazy(() => import('../pages/enrol/enrol-page.tsx')),
  '/name': lazy(() => import('../pages/name/name-page.tsx')),
  '/handover': lazy(() => import('../pages/handover/handover-page.tsx')),
};

/** The page at an address that the first script does not know. */
export default function OtherPages() {
  const location = useLocation();
  const page = () => (Object.hasOwn(pages, location.pathname) ? pages[location.pathname] : undefined);
  return <Dynamic component={page() ?? NotFound} />;
}
