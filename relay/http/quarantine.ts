import {
  bytesOf,
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
import { limits, newUploadSchema, routes } from '../../shared/routes.ts';
import type { Uploads } from '../files/uploads.ts';
import { insertAssertion } from '../store/access.ts';
import type { Database } from '../store/database.ts';
import {
  deleteQuarantined,
  findHandedBlob,
  findQuarantined,
  insertQuarantined,
  type ListedItem,
  listQuarantined,
  sumQuarantined,
} from '../store/quarantine.ts';
import type { QuarantineRow } from '../store/tables-quarantine.ts';
import { readJson } from './body.ts';
import { readAllowed, takeBytes } from './bytes.ts';
import { answer, createResource, type RelayContext, type Resource } from './context.ts';
import { readPiece } from './uploads.ts';
import { bearerOf } from './visitor.ts';

export interface QuarantineParts {
  readonly db: Database;
  readonly uploads: Pick<Uploads, 'begin' | 'find' | 'append'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** What lost devices handed over, until somebody has looked at it (SPEC X10, X12). */
export function createQuarantineResource(parts: QuarantineParts): Resource {
  const { db, now } = parts;
  const resource = createResource();
  const one = `${routes.quarantine}/:id`;
  addUploads(resource, parts);

  resource.post(routes.quarantine, async (ctx) => {
    const device = await readLost(ctx, db, now());
    const item = await readJson(ctx, itemSchema, quarantineLimits.item);
    const row = await describe(ctx.state.tenant.idTag, device, item, now());
    await keep(db, row, bytesOf(item));
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
    const id = String(ctx.params.id);
    await db.transaction().execute((trx) => deleteQuarantined(trx, idTag, id));
    ctx.state.tenant.wake('devices');
    answer(ctx, {}, now());
  });
  return resource;
}

/** The bytes of what was handed over, in pieces. They come after what names them, and nothing else is taken. */
function addUploads(resource: Resource, { db, uploads, now }: QuarantineParts): void {
  const base = `${routes.quarantine}/uploads`;

  resource.post(base, async (ctx) => {
    const { did } = await readLost(ctx, db, now());
    const { idTag } = ctx.state.tenant;
    const { blob, size } = await readJson(ctx, newUploadSchema, limits.body);
    if ((await findHandedBlob(db, { id_tag: idTag, did, blob })) !== size)
      throw new IsletError('E-CORE-NOTFOUND', 'nothing that this device handed over names these bytes', blob);
    const upload = await uploads.begin({ idTag, blob, size, loose: false });
    answer(ctx, upload, now(), upload.done ? 200 : 201);
  });

  resource.patch(`${base}/:id`, async (ctx) => {
    const { did } = await readLost(ctx, db, now());
    const { idTag } = ctx.state.tenant;
    const id = String(ctx.params.id);
    const { blob } = await uploads.find(idTag, id);
    if ((await findHandedBlob(db, { id_tag: idTag, did, blob })) === undefined)
      throw new IsletError('E-CORE-NOTFOUND', 'nothing that this device handed over names these bytes', blob);
    const piece = readPiece(ctx);
    answer(ctx, await takeBytes(ctx, () => uploads.append(idTag, id, piece)), now());
  });
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
  const named = { id_tag: idTag, id: await hashText(text), did, device: name, kind: item.kind };
  const told = { title: titleOf(item), owner: ownerOf(item) ?? null, mime: mimeOf(item) ?? null };
  return { ...named, ...told, size: Buffer.byteLength(text), item: text, received_at: now };
}

function titleOf(item: QuarantineItem): string {
  if (item.kind === 'draft') return item.text.slice(0, 100);
  return 'title' in item ? item.title : '';
}

function ownerOf(item: QuarantineItem): string | undefined {
  return item.kind === 'document' ? item.owner : undefined;
}

function mimeOf(item: QuarantineItem): string | undefined {
  return 'mime' in item ? item.mime : undefined;
}

/** @throws IsletError E-STORAGE-FULL */
function keep(db: Database, row: QuarantineRow, blobs: ReturnType<typeof bytesOf>): Promise<void> {
  return db.transaction().execute(async (trx) => {
    if (await findQuarantined(trx, row.id_tag, row.id)) return;
    const { items, size, brought } = await sumQuarantined(trx, row.id_tag);
    const coming = blobs.reduce((sum, blob) => sum + blob.size, 0);
    const { items: mostItems, all, bytes } = quarantineLimits;
    if (items >= mostItems || size + row.size > all || brought + coming > bytes)
      throw new IsletError('E-STORAGE-FULL', 'too much was handed over and not looked at');
    await insertQuarantined(trx, row, blobs);
  });
}

function toWaiting(row: ListedItem): Waiting {
  const { id, device, kind, title, size, brought, missing, received_at: receivedAt, owner, mime } = row;
  const told = { ...(owner !== null && { owner }), ...(mime !== null && { mime }) };
  return { id, device, kind, title, size: size + brought, missing, receivedAt, ...told };
}
