import * as v from 'valibot';
import { countersignatureSchema, deviceSchema } from '../device/device-log.ts';
import { limits } from '../routes.ts';

const token = v.pipe(v.string(), v.maxLength(limits.body));
const did = deviceSchema.entries.did;
const entries = v.array(v.object({ entry: v.string(), countersignature: countersignatureSchema }));

/** `POST devices/renew`: an entry `renew`, signed by the old key; no access token. */
export const renewSchema = v.strictObject({ entry: token });
/** The delegation of the new key. The same again for who lost the answer. */
export const renewedSchema = v.object({ delegation: token, entries });

/** `POST devices/delegation` and `POST devices/readmission`: who asks, by an assertion; no access token. */
export const assertedSchema = v.strictObject({ assertion: token });
/** What the device has now: after it was narrowed, or has raised the generation itself. */
export const ownDelegationSchema = v.object({ delegation: token, entries });

/**
 * `granted`: it may renew. `asked`: a person is to decide. `suspended`: its keys were used in two places. `wipe`: it was removed as lost.
 */
export const readmissionSchema = v.object({
  state: v.picklist(['granted', 'asked', 'suspended', 'removed']),
  wipe: v.optional(v.literal(true)),
});
export type Readmission = v.InferOutput<typeof readmissionSchema>;

/** `POST log` answers this. `delegation`: of the device that came in, or of the caller after it raised the generation. */
export const appendedSchema = v.object({ entries, delegation: v.optional(token) });

const agent = v.pipe(v.string(), v.maxLength(40));

/** Keys that came second (SPEC G10): the entry that shows it, when it came (milliseconds, the relay's clock), from which kind of browser. */
export const secondSchema = v.object({ entry: token, at: v.number(), agent: v.optional(agent) });

/** `POST devices/:did/readmit` takes nothing: the device may come back, or its keys are the right ones. */
export const deviceStateSchema = v.object({
  did,
  /** Milliseconds, the relay's clock; absent when it never came. */
  seenAt: v.optional(v.number()),
  /** End of its delegation in seconds; absent when it has none. */
  until: v.optional(v.number()),
  /** It was away too long and asks to be let in again, since (milliseconds). */
  askedAt: v.optional(v.number()),
  /** Its keys were used in two places, since (milliseconds). */
  suspended: v.optional(
    v.object({
      at: v.number(),
      /** From which kind of browser the keys in the log came, as it said. */
      agent: v.optional(agent),
      others: v.array(secondSchema),
    }),
  ),
});
export type DeviceState = v.InferOutput<typeof deviceStateSchema>;

/** `GET devices`, for devices: those that are in. */
export const deviceListSchema = v.object({ devices: v.array(deviceStateSchema) });
