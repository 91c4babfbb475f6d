import * as v from 'valibot';

/** What a relay and its devices keep as the proof of an own action, without the device log: what a device signed, or the order it was under. */
export const keptProofSchema = v.union([
  v.object({
    signature: v.pipe(v.string(), v.maxLength(200)),
    delegations: v.pipe(v.array(v.string()), v.maxLength(4)),
  }),
  v.object({ order: v.pipe(v.string(), v.maxLength(20)) }),
]);
export type KeptProof = v.InferOutput<typeof keptProofSchema>;
