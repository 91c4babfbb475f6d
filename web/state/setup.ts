import { readHome } from '../client/device/enrolment.ts';
import { openKeyStore } from '../client/device/key-store.ts';
import { parseIdTag } from '../../shared/identity/id-tag.ts';
import { parseSetupFragment } from './joining.ts';

/** What a setup link would do in this browser. `idTag`: whose link it is, when that is known. */
export type SetupPlan =
  /** This browser becomes the first device. */
  | { readonly kind: 'first'; readonly idTag: string | undefined }
  /** The identity is here already. */
  | { readonly kind: 'holds'; readonly idTag: string }
  /** Somebody else is here: it gets a space of its own. */
  | { readonly kind: 'another'; readonly idTag: string | undefined; readonly own: string };

export function planSetup(own: string | undefined, idTag: string | undefined): SetupPlan {
  if (own === undefined) return { kind: 'first', idTag };
  return idTag === own ? { kind: 'holds', idTag } : { kind: 'another', idTag, own };
}

/**
 * Looks, and does nothing: opening an address with a token is no decision. Tells at once what this browser knows by itself, and again what the
 * relay adds; without the relay that is all.
 * @param whose of another identity than the app's own
 */
export async function readSetupPlan(
  whose: string | undefined,
  tell: (plan: SetupPlan) => void,
): Promise<void> {
  const store = await openKeyStore();
  const own = (await store.membership())?.idTag;
  store.close();
  if (own === undefined || whose !== undefined) tell(planSetup(own, whose));
  try {
    const { profile } = await readHome(location.origin, whose === undefined ? undefined : parseIdTag(whose));
    tell(planSetup(own, profile.idTag));
  } catch {
    // Said in words when somebody goes on.
    tell(planSetup(own, whose));
  }
}

const decidedKey = 'islet:setup-decided';

/** A person has decided to set up what this link names: the page that it opens in this tab goes on by itself. */
export function decideSetup(link: string): void {
  const token = parseSetupFragment(link.slice(link.indexOf('#')));
  if (token !== undefined) sessionStorage.setItem(decidedKey, token);
}

/** Whether that was decided for this token. It stays so until it is done or refused: the page may be loaded anew meanwhile. */
export function isDecided(token: string): boolean {
  return sessionStorage.getItem(decidedKey) === token;
}

/** What was decided is done, or was refused. */
export function endDecision(): void {
  sessionStorage.removeItem(decidedKey);
}
