import * as v from 'valibot';

/**
 * SPEC C1: what may be done (`act`), to what (`res`), for whom (`aud`) and within which numbers (`lim`).
 * `*` alone, or a path that ends in `/*`, covers what begins with it. Unknown members refuse.
 */
export const capabilitySchema = v.strictObject({
  act: v.pipe(v.string(), v.regex(/^(\*|[a-z]+(\/[a-z]+)*(\/\*)?)$/, 'not an act')),
  res: v.pipe(
    v.string(),
    v.regex(/^(\*|[\w:~@.-]+(\/[\w:~@.-]+)*(\/\*)?)$/, 'not a resource'),
    v.maxLength(200),
  ),
  aud: v.optional(v.pipe(v.string(), v.maxLength(200))),
  lim: v.optional(v.record(v.string(), v.pipe(v.number(), v.finite(), v.minValue(0)))),
});

export type Capability = v.InferOutput<typeof capabilitySchema>;

export const capabilitiesSchema = v.pipe(v.array(capabilitySchema), v.minLength(1), v.maxLength(32));

export const everything: readonly Capability[] = [{ act: '*', res: '*' }];

/** SPEC C4: what may never be handed on. */
const neverHandedOn = ['device/enrol', 'identity/rotate', 'identity/delete'];

function coversPath(parent: string, child: string): boolean {
  if (parent === '*' || parent === child) return true;
  return parent.endsWith('/*') && child.startsWith(parent.slice(0, -1));
}

function coversLimits(parent: Capability['lim'], child: Capability['lim']): boolean {
  return Object.entries(parent ?? {}).every(([name, limit]) => {
    const own = child && Object.hasOwn(child, name) ? child[name] : undefined;
    return own !== undefined && own <= limit;
  });
}

/** SPEC C2: true when `child` asks for nothing that `parent` does not grant. */
export function covers(parent: Capability, child: Capability): boolean {
  return (
    coversPath(parent.act, child.act) &&
    coversPath(parent.res, child.res) &&
    (parent.aud === undefined || parent.aud === child.aud) &&
    coversLimits(parent.lim, child.lim)
  );
}

/** SPEC C3: every entry of the child lies inside one entry of the parent. */
export function coversAll(parents: readonly Capability[], children: readonly Capability[]): boolean {
  return children.every((child) => parents.some((parent) => covers(parent, child)));
}

/** SPEC C5: whether the list allows `act` on `res`. Nobody counts limits yet, so a limited entry allows nothing. */
export function allows(granted: readonly Capability[], act: string, res: string, aud?: string): boolean {
  return granted.some(
    (capability) =>
      Object.keys(capability.lim ?? {}).length === 0 &&
      coversPath(capability.act, act) &&
      coversPath(capability.res, res) &&
      (capability.aud === undefined || capability.aud === aud),
  );
}

/** SPEC C4: true when the entry would hand on enrolling, rotation or deletion. */
export function isNeverHandedOn(capability: Capability): boolean {
  return neverHandedOn.some((act) => coversPath(capability.act, act));
}
