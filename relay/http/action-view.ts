import * as v from 'valibot';
import { baseType, subtype } from '../../shared/action/define.ts';
import { statSchema } from '../../shared/action/types/stat/stat.ts';
import { parseDescriptor } from '../../shared/file/descriptor.ts';
import type { IdTag } from '../../shared/identity/id-tag.ts';
import { profileSchema } from '../../shared/identity/key-set.ts';
import { parseJson } from '../../shared/parse.ts';
import { findByKey } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { listFiles } from '../store/files.ts';
import { findProfile } from '../store/profiles.ts';
import type { ActionRow, FileRow } from '../store/tables.ts';
import { parseToken } from '../inbox/parse.ts';

/** Who the identity says it is. */
export interface Shown {
  readonly idTag: IdTag;
  readonly name: string;
  readonly type: 'person' | 'community';
}

/** An action as stock shells read it, with its token, so that who reads it need not believe us (SPEC Y2). */
export async function describeAction(db: Database, tenant: Shown, row: ActionRow) {
  const { payload } = await parseToken(row.token);
  const { c, p, a, aud, sub, f, t, exp } = payload;
  const sub_ = subtype(t);
  return {
    actionId: row.action_id,
    type: baseType(t),
    ...(sub_ !== undefined && { subType: sub_ }),
    ...(p !== undefined && { parentId: p }),
    issuer: await describeProfile(db, tenant, payload.iss),
    ...(aud !== undefined && { audience: await describeProfile(db, tenant, aud) }),
    ...(c !== undefined && { content: c }),
    ...(a && { attachments: await describeAttachments(db, row.id_tag, a) }),
    ...(sub !== undefined && { subject: sub }),
    createdAt: formatTime(payload.iat),
    ...(exp !== undefined && { expiresAt: formatTime(exp) }),
    status: 'A',
    ...(await describeCounts(db, row)),
    visibility: row.visibility,
    ...(f !== undefined && { flags: f }),
    token: row.token,
  };
}

function formatTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

async function describeProfile(db: Database, tenant: Shown, idTag: IdTag) {
  if (idTag === tenant.idTag) return tenant;
  const row = await findProfile(db, idTag);
  const profile = row?.profile ? parseJson(profileSchema, row.profile) : undefined;
  return { idTag, name: profile?.name ?? idTag, type: profile?.type ?? 'person' };
}

async function describeAttachments(db: Database, idTag: string, ids: readonly string[]) {
  const files = await listFiles(db, idTag, [...ids]);
  return ids.map((fileId) => ({ fileId, ...describeFile(files.find(({ id }) => id === fileId)) }));
}

function describeFile(file: FileRow | undefined) {
  if (!file) return {};
  const variants = parseDescriptor(file.descriptor);
  const largest = variants.toSorted((x, y) => y.width - x.width)[0];
  return {
    ...(largest && largest.width > 0 && { dim: [largest.width, largest.height] }),
    localVariants: variants.map(({ name }) => name),
  };
}

const countsSchema = v.object({ c: statSchema });

/** What the identity's own STAT says last (SPEC R8). */
async function describeCounts(db: Database, { id_tag, action_id }: ActionRow) {
  const row = await findByKey(db, id_tag, `STAT:${id_tag}:${action_id}`);
  if (row?.state !== 'active') return {};
  const { r, c, ct, rp } = v.parse(countsSchema, (await parseToken(row.token)).payload).c;
  return {
    stat: {
      ...(r !== undefined && { reactions: r }),
      ...(c !== undefined && { commentCount: c }),
      ...(ct !== undefined && { lastCommentAt: formatTime(ct) }),
      ...(rp !== undefined && { reposts: rp }),
    },
  };
}
