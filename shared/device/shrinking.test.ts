import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { createTestKey, listKey, type TestKey } from '../test/keys.ts';
import { addition, alice, appendOperation, type GrowingLog, noon, startLog } from '../test/log.ts';
import { holds } from '../test/seeded.ts';
import { useToySignatures } from '../test/toy-signatures.ts';
import { codeOf } from '../test/vectors.ts';
import { parseCompact, statementId } from '../token/compact.ts';
import { allows, type Capability } from './capability.ts';
import { type Delegation, signDelegation, verifyChain } from './delegation.ts';

useToySignatures();

const acts = ['action/create', 'action/read', 'file/create', 'space/sync', 'device/enrol', 'identity/rotate'];
const resources = ['type:POST', 'type:MSG', 'folder/a', 'folder/a/b'];
const audiences = [undefined, 'bob.test', 'carol.test'];

const some = <T>(...values: T[]) => fc.constantFrom(...values);
const capability: fc.Arbitrary<Capability> = fc
  .record({
    act: some('*', 'action/*', 'device/*', ...acts),
    res: some('*', 'folder/*', 'folder/a/*', ...resources),
    aud: some(...audiences),
    lim: some(undefined, undefined, { n: 5 }, { n: 3 }, { n: 3, m: 1 }),
  })
  .map(({ act, res, aud, lim }) => ({ act, res, ...(aud && { aud }), ...(lim && { lim }) }));
const list = fc.array(capability, { minLength: 1, maxLength: 3 });

/** A link: mostly it hands on a part of what is above it, else anything at all. */
const link = fc.record({
  keeps: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
  narrowed: fc.option(capability, { freq: 2 }),
  anything: fc.option(list, { freq: 1, nil: undefined }),
  daring: fc.boolean(),
});

let identity: TestKey;
let devices: TestKey[];
let laptop: GrowingLog;

beforeAll(async () => {
  identity = await createTestKey();
  devices = await Promise.all(Array.from({ length: 5 }, createTestKey));
  laptop = await startLog(devices[0]!);
});

/** What a link states, made from what stands above it. */
function choose(above: readonly Capability[], said: LinkPlan): Capability[] {
  if (said.daring && said.anything) return said.anything;
  const kept = said.keeps.map((i) => above[i % above.length]!);
  return said.narrowed ? [...kept.slice(1), { ...kept[0]!, ...pick(said.narrowed) }] : kept;
}

interface LinkPlan {
  keeps: number[];
  narrowed: Capability | null;
  anything: Capability[] | undefined;
  daring: boolean;
}

const pick = ({ act, aud }: Capability): Partial<Capability> => ({ act, ...(aud && { aud }) });

/** Everything of this small world that a list allows. */
function rightsOf(cap: readonly Capability[]): Set<string> {
  const rights = acts.flatMap((act) =>
    resources.flatMap((res) =>
      audiences.filter((aud) => allows(cap, act, res, aud)).map((aud) => `${act} ${res} ${aud}`),
    ),
  );
  return new Set(rights);
}

async function signChain(granted: readonly Capability[], plans: readonly LinkPlan[], entry: string) {
  const chain: string[] = [];
  const stated: (readonly Capability[])[] = [granted];
  for (const [place, plan] of plans.entries()) {
    const from = devices[place]!;
    const to = devices[place + 1]!;
    const cap = choose(stated.at(-1)!, plan);
    stated.push(cap);
    const root = place === 0;
    const said: Delegation = {
      ...(root ? { iss: alice, k: '261121' } : { iss: from.did }),
      ...{ sub: to.did, cnf: { jwk: to.jwk }, cap, dep: 3 - place, gen: 0, nbf: noon, exp: noon + 1000 },
      ...{ jti: 'A'.repeat(22), prf: root ? entry : await statementId(parseCompact(chain.at(-1)!)) },
    };
    chain.push(await signDelegation(said, root ? identity.sign : from.sign));
  }
  return { chain, stated };
}

describe('C6: rights only shrink', () => {
  it('C6, C2–C5: along any random chain nobody may do what one above may not, and nobody is handed what is never handed on', () => {
    let accepted = 0;
    const property = fc.asyncProperty(
      list,
      fc.array(link, { minLength: 1, maxLength: 4 }),
      async (granted, plans) => {
        const { log } = await appendOperation(laptop, devices[0]!, addition(devices[1]!, granted));
        const entry = log.devices.get(devices[1]!.did)!.entry;
        const { chain, stated } = await signChain(granted, plans, entry);
        const context = { idTag: alice, keys: [listKey(identity)], log, at: noon + 1 };
        if ((await codeOf(() => verifyChain(chain, context))) !== 'accepted') return;
        accepted++;
        const { cap } = await verifyChain(chain, context);
        const rights = [...rightsOf(cap)];
        for (const above of stated) {
          const all = rightsOf(above);
          if (!rights.every((right) => all.has(right))) throw new Error(`more than ${JSON.stringify(above)}`);
        }
        if (chain.length > 1 && rights.some((right) => /^(device\/enrol|identity)/.test(right)))
          throw new Error('handed on what is never handed on');
      },
    );
    return holds(property, { runs: 600 }).then(() => {
      if (accepted < 60) throw new Error(`only ${accepted} chains were accepted: the property says little`);
    });
  });
});
