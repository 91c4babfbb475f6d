import { lazy } from 'solid-js';
import { NewMenu } from '../pages/files/new-menu.tsx';
import { HomePage } from '../pages/home/home-page.tsx';

const Library = lazy(() => import('../pages/files/library.tsx'));

/** Home with the library in it: one component shows entries there and among the files. */
export default function Home() {
  return <HomePage library={Library} newMenu={NewMenu} />;
}
