import { join } from 'node:path';
import type { Random } from '../shared/bytes.ts';
import type { Config } from './config.ts';
import type { BlobUse } from './files/blob-use.ts';
import { type Check, createCheck } from './files/check.ts';
import { createCollection } from './files/collect.ts';
import { createDamage, type DamageParts } from './files/damage.ts';
import { openImages } from './files/images/images.ts';
import { holdOldBlobs } from './files/old-blobs.ts';
import { createQuota, type Quota } from './files/quota.ts';
import { createRegister } from './files/register.ts';
import { createMemoryStaging, openFileStaging } from './files/staging.ts';
import { createUploads } from './files/uploads.ts';
import { createBlobResource } from './http/blobs.ts';
import { createFileResource } from './http/files.ts';
import { createIpfsResource } from './http/ipfs.ts';
import { createPictureResource } from './http/pictures.ts';
import { createQuarantineResource } from './http/quarantine.ts';
import type { Shown } from './http/shown.ts';
import { createStorageResource } from './http/storage.ts';
import { createUploadResource } from './http/uploads.ts';
import { type Blobs, openBlobs } from './store/blobs/blobs.ts';

type OnClose = (closer: () => Promise<void>) => void;

export interface StorageParts extends Pick<DamageParts, 'db' | 'now' | 'report'> {
  readonly random: Random;
  readonly blobs: Blobs;
  readonly check: Check;
  readonly use: BlobUse;
}

/** Who can get a damaged blob again from elsewhere is known only later. */
export interface Healing {
  start?: (blob: string) => void;
}

/** Blobs whose bytes are hashed before they are answered, and all of them now and then. */
export async function openCheckedBlobs(
  { blobs: place, publicDir: folder }: Config,
  parts: Pick<DamageParts, 'db' | 'now' | 'report'>,
  onClose: OnClose,
) {
  const healing: Healing = {};
  const blobs = await openBlobs({ place, folder, ...parts });
  const damage = createDamage({ ...parts, blobs, damaged: (blob) => healing.start?.(blob) });
  const check = createCheck({ ...parts, damage });
  onClose(() => check.close());
  return { check, blobs: damage.blobs, healing };
}

/** What makes files of blobs and shows them; pictures are opened by a process of their own. */
export async function openFileResources(
  config: Config,
  parts: StorageParts & { quota: Quota; shown: Shown },
  onClose: OnClose,
) {
  const { db, blobs, shown, now } = parts;
  const images = await openImages(join(config.publicDir, 'images'), blobs);
  onClose(() => images.close());
  const register = createRegister({ ...parts, images });
  return [
    createFileResource({ db, blobs, register, now }),
    createIpfsResource(db, blobs),
    createPictureResource({ db, blobs, shown, now }),
  ];
}

/** What brings bytes in and lets them go again. Once the base identity is there: blobs of earlier versions become its own. */
export async function openStorage(config: Config, given: StorageParts, onClose: OnClose) {
  const { db, random, now, check, report } = given;
  const { idTag } = config;
  const parts = { ...given, idTag, quota: createQuota(db, config.storageLimit) };
  await holdOldBlobs(parts).catch(report);
  const disk = await openFileStaging(join(config.publicDir, 'incoming'));
  const staging = config.staging === 'memory' ? createMemoryStaging(disk) : disk;
  const uploads = createUploads({ ...parts, staging, random });
  await uploads.tidy();
  const collection = createCollection({ ...parts, uploads });
  onClose(() => collection.close());
  const resources = [
    createBlobResource(parts),
    createUploadResource(uploads, now),
    createQuarantineResource({ db, uploads, now }),
    createStorageResource({ db, quota: parts.quota, check, now, report }),
  ];
  return { collection, resources, quota: parts.quota };
}
