import {
  itemSchema,
  type QuarantineItem,
  quarantineLimits,
  type Waiting,
} from '../../shared/api/quarantine.ts';
import { hashText } from '../../shared/bytes.ts';
import { parseAssertion, verifyAssertion } from '../../shared/device/assertion.ts';
import type { EnrolledDevice } from '../../shared/device/device-log.ts';
import { findPlace } from '../../shared/device/place.ts';
import { IsletError } from '../../shared/errors.ts';
import type { Did } from '../../shared/identity/did.ts';
import { parseJson } from '../../shared/parse.ts';
import { routes } from '../../shared/routes.ts';
import { insertAssertion } from '../store/access.ts';
import type { Database } from '../store/database.ts';
import {
  deleteQuarantined,
  findQuarantined,
  insertQuarantined,
  listQuarantined,
  sumQuarantined,
} from '../store/quarantine.ts';
import type { QuarantineRow } from '../store/tables-quarantine.ts';
import { readJson } from './body.ts';
import { readAllowed } from './bytes.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';
import { bearerOf } from './visitor.ts';

export interface QuarantineParts {
  readonly db: Database;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What lost devices handed over, until somebody has looked at it (SPEC X10, X12). */
export function createQuarantineResource({ db, now }: QuarantineParts): Resource {
  const resource = createResource();
  const one = `${routes.quarantine}/:id`;

  resource.post(routes.quarantine, async (ctx) => {
    const device = await readLost(ctx, db, now());
    const item = await readJson(ctx, itemSchema, quarantineLimits.item);
    const row = await describe(ctx.state.tenant.idTag, device, item, now());
    await keep(db, row);
    ctx.state.tenant.wake('devices');
    answer(ctx, { id: row.id }, now(), 201);
  });

  resource.get(routes.quarantine, async (ctx) => {
    const idTag = await readAllowed(ctx, 'space/sync');
    answer(ctx, { items: (await listQuarantined(db, idTag)).map(toWaiting) }, now());
  });

  resource.get(one, async (ctx) => {
    const idTag = await readAllowed(ctx, 'space/sync');
    const row = await findQuarantined(db, idTag, String(ctx.params.id));
    if (!row) throw new IsletError('E-CORE-NOTFOUND', 'this was taken or discarded', ctx.params.id);
    const { id, device, received_at: receivedAt } = row;
    ctx.set('cache-control', 'no-store');
    answer(ctx, { id, device, receivedAt, item: parseJson(itemSchema, row.item) }, now());
  });

  resource.delete(one, async (ctx) => {
    const idTag = await readAllowed(ctx, 'space/sync');
    await deleteQuarantined(db, idTag, String(ctx.params.id));
    ctx.state.tenant.wake('devices');
    answer(ctx, {}, now());
  });
  return resource;
}

/**
 * The device that was removed as lost, by an assertion of its own key; known before anything of its body is read.
 * @throws IsletError E-AUTH-UNAUTH, E-LOG-PERMISSION, E-ASSERTION-*, E-TOKEN-*
 */
async function readLost(ctx: RelayContext, db: Database, now: number): Promise<EnrolledDevice> {
  const { idTag, devices } = ctx.state.tenant;
  const assertion = bearerOf(ctx);
  if (assertion === undefined) throw new IsletError('E-AUTH-UNAUTH', 'an assertion is needed');
  const { iss } = parseAssertion(assertion);
  const log = await devices.log();
  const device = log?.devices.get(iss as Did);
  const place = log && findPlace(log, iss);
  if (!device || place?.kind !== 'removed' || !place.lost)
    throw new IsletError('E-LOG-PERMISSION', 'this is for devices that were removed as lost', iss);
  const { did, jwk } = device;
  const seconds = Math.floor(now / 1000);
  const { jti, exp } = await verifyAssertion(assertion, { aud: idTag, did, jwk, now: seconds });
  if (!(await insertAssertion(db, { id_tag: idTag, did, jti, exp }, seconds)))
    throw new IsletError('E-ASSERTION-REPLAYED', 'this assertion was used already');
  return device;
}

async function describe(
  idTag: string,
  { did, name }: EnrolledDevice,
  item: QuarantineItem,
  now: number,
): Promise<QuarantineRow> {
  const text = JSON.stringify(item);
  const { kind } = item;
  const title = kind === 'document' ? item.title : item.text.slice(0, 100);
  const named = { id_tag: idTag, id: await hashText(text), did, device: name };
  return { ...named, kind, title, size: Buffer.byteLength(text), item: text, received_at: now };
}

/** @throws IsletError E-STORAGE-FULL */
async function keep(db: Database, row: QuarantineRow): Promise<void> {
  if (await findQuarantined(db, row.id_tag, row.id)) return;
  const { items, size } = await sumQuarantined(db, row.id_tag);
  if (items >= quarantineLimits.items || size + row.size > quarantineLimits.all)
    throw new IsletError('E-STORAGE-FULL', 'too much was handed over and not looked at');
  await insertQuarantined(db, row);
}

function toWaiting({ id, device, kind, title, size, received_at }: Omit<QuarantineRow, 'item'>): Waiting {
  return { id, device, kind, title, size, receivedAt: received_at };
}
