import * as v from 'valibot';
import { identityKeySchema } from '../identity/key-set.ts';
import { deliverySchema, limits } from '../routes.ts';
import { keptProofSchema } from './kept-proof.ts';

const token = v.pipe(v.string(), v.maxLength(limits.body));

/**
 * `POST restore` (SPEC X16): the setup token of a relay that has no device log, the log and the public keys that the identity had, and
 * the entry that goes on. Answers as `POST enrol`.
 */
export const restoreSchema = v.strictObject({
  setup: v.pipe(v.string(), v.maxLength(100)),
  entries: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(2000), v.array(token)),
  keys: v.pipe(v.array(identityKeySchema), v.maxLength(64)),
  entry: token,
});
export type RestoreRequest = v.InferOutput<typeof restoreSchema>;

/** `POST adopt` (SPEC D8, D9): what a device has and its relay lacks, in the order in which the relay had it. */
export const adoptSchema = v.strictObject({
  items: v.pipe(
    v.array(v.unknown()),
    v.minLength(1),
    v.maxLength(limits.drafts),
    v.array(
      v.strictObject({
        token,
        /** Milliseconds, by the clock of the relay that stored it. */
        receivedAt: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
        proof: v.optional(keptProofSchema),
        /** Where it stood with its receivers, as far as the device knows. */
        deliveries: v.optional(v.pipe(v.array(deliverySchema), v.maxLength(50))),
      }),
    ),
  ),
});
export type AdoptItem = v.InferOutput<typeof adoptSchema>['items'][number];

/** One result an item, in order. `later`: its issuer cannot be asked for its keys just now. */
export const adoptedSchema = v.object({
  results: v.array(
    v.variant('status', [
      v.object({ status: v.picklist(['adopted', 'known', 'later']) }),
      v.object({ status: v.literal('refused'), code: v.string(), message: v.string() }),
    ]),
  ),
});
export type Adopted = v.InferOutput<typeof adoptedSchema>['results'][number];
