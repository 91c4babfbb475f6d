import type { Variant } from '../../shared/file/descriptor.ts';
import { IsletError } from '../../shared/errors.ts';
import { edges, shownFormats } from '../files/images/renditions.ts';

const bounds: Readonly<Record<string, number>> = { ...edges, xd: 3840, orig: Infinity };

/** @throws IsletError E-VAL-INVALID */
export function parseVariantName(name: unknown): string | undefined {
  if (name === undefined || name === '') return undefined;
  const match =
    typeof name === 'string' ? /^(?:(vis|vid|aud|doc|raw)\.)?(pf|tn|sd|md|hd|xd|orig)$/.exec(name) : null;
  if (!match) throw new IsletError('E-VAL-INVALID', 'not a name of a variant', name);
  return `${match[1] ?? 'vis'}.${match[2]}`;
}

/** How many pixels wide or high it is at most; an original that browsers do not show is the last choice. */
function edgeOf({ name, format, width, height }: Variant): number {
  const size = name.split('.')[1]!;
  if (size !== 'orig') return bounds[size]!;
  return shownFormats.includes(format) ? Math.max(width, height) || Infinity : Infinity;
}

/**
 * Which of the variants that are here is answered: the one of that name, or else the nearest of its kind, smaller before
 * larger. Without a name: of a picture the best for showing, of anything else the original.
 */
export function chooseVariant(here: readonly Variant[], name: string | undefined): Variant | undefined {
  if (name === undefined) {
    const main = here.find((variant) => variant.name.endsWith('.orig') && !variant.name.startsWith('vis.'));
    return main ?? chooseVariant(here, 'vis.hd') ?? here.at(-1);
  }
  const exact = here.find((variant) => variant.name === name);
  if (exact) return exact;
  const [kind, size] = name.split('.') as [string, string];
  const bound = bounds[size]!;
  const rising = here
    .filter((variant) => variant.name.startsWith(`${kind}.`))
    .map((variant) => ({ variant, edge: edgeOf(variant) }))
    .sort((a, b) => a.edge - b.edge);
  return (rising.findLast(({ edge }) => edge <= bound) ?? rising[0])?.variant;
}
