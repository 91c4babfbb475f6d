import * as v from 'valibot';
import { IsletError } from '../../shared/errors.ts';
import { fileIdSchema } from '../../shared/file/blob-id.ts';
import { parseDescriptor, type Variant } from '../../shared/file/descriptor.ts';
import { type IdTag, parseIdTag } from '../../shared/identity/id-tag.ts';
import type { Profile } from '../../shared/identity/key-set.ts';
import { createLanes } from '../delivery/lanes.ts';
import { releaseFile } from '../files/release.ts';
import type { Profiles } from '../identity/profiles.ts';
import { isDamaged } from '../store/damages.ts';
import { findFile, listPortraits, listSources } from '../store/files.ts';
import { findHolding } from '../store/holdings.ts';
import { findProfile } from '../store/profiles.ts';
import { findRelation } from '../store/relations.ts';
import { fetchFile, type FetchFileParts } from './fetch-file.ts';

/** Fetches, in the background, the pictures that neighbours show of themselves. */
export interface Portraits {
  /** Something was heard of this neighbour, or its picture is wanted. */
  wake(neighbour: string): void;
  /** The blob is damaged or lost: as of `Attachments`. */
  renew(blob: string): Promise<void>;
  close(): Promise<void>;
}

export interface PortraitParts extends FetchFileParts {
  readonly idTag: IdTag;
  readonly profiles: Profiles;
  readonly changed: () => void;
  readonly report: (error: unknown) => void;
}

/** Largest rendition of a portrait, in bytes. */
const largest = 512 * 1024;
/** A neighbour is asked for its picture this seldom, and for its profile for the picture's sake; in milliseconds. */
const pauses = { picture: 3_600_000, profile: 86_400_000 };

/** The two smallest renditions, or whatever picture is small enough. */
export function choosePortrait(variants: readonly Variant[]): readonly Variant[] {
  const fitting = variants.filter(({ name, size }) => name.startsWith('vis.') && size <= largest);
  const usual = fitting.filter(({ name }) => name === 'vis.pf' || name === 'vis.tn');
  return usual.length > 0 ? usual : fitting.toSorted((a, b) => a.size - b.size).slice(0, 1);
}

/** Only of those whom the identity follows or who follow it. */
export function createPortraits(parts: PortraitParts): Portraits {
  const { idTag, db, profiles, now, changed, report } = parts;
  const restUntil = new Map<string, number>();

  const readProfile = async (neighbour: IdTag): Promise<Profile> => {
    const row = await findProfile(db, neighbour);
    const isOld = !row || now() - row.fetched_at > pauses.profile;
    return isOld ? profiles.refresh(neighbour) : profiles.read(neighbour);
  };

  const step = async (name: string): Promise<undefined> => {
    const neighbour = parseIdTag(name);
    const relation = await findRelation(db, idTag, neighbour);
    if (relation?.following !== 1 && relation?.follower !== 1) return;
    try {
      const { profilePic: fileId } = await readProfile(neighbour);
      if (!v.is(fileIdSchema, fileId) || (await isPortraitHere(parts, fileId))) return;
      if ((restUntil.get(neighbour) ?? 0) > now()) return;
      restUntil.set(neighbour, now() + pauses.picture);
      await fetchFile({ idTag, owner: neighbour, fileId, choose: choosePortrait }, parts);
      changed();
      await dropEarlier(parts, neighbour, fileId);
    } catch (error) {
      if (!(error instanceof IsletError)) throw error;
    }
  };

  const lanes = createLanes(step, report);
  return {
    wake: lanes.wake,
    async renew(blob) {
      for (const neighbour of await listSources(db, blob)) {
        restUntil.delete(neighbour);
        lanes.wake(neighbour);
      }
    },
    close: lanes.close,
  };
}

/** Of each neighbour one picture is kept. */
async function dropEarlier({ db, idTag }: PortraitParts, neighbour: string, current: string): Promise<void> {
  for (const id of await listPortraits(db, idTag, neighbour))
    if (id !== current) await releaseFile(db, idTag, id);
}

async function isPortraitHere(parts: PortraitParts, fileId: string): Promise<boolean> {
  const row = await findFile(parts.db, parts.idTag, fileId);
  if (!row) return false;
  for (const { blob } of choosePortrait(parseDescriptor(row.descriptor)))
    if (!(await isHere(parts, blob))) return false;
  return true;
}

/** Another identity of this relay may have the same bytes: that does not bring them here (SPEC N13). */
async function isHere({ db, idTag, blobs }: PortraitParts, blob: string): Promise<boolean> {
  if (!(await findHolding(db, idTag, blob)) || (await blobs.size(blob)) === undefined) return false;
  return !(await isDamaged(db, blob));
}
