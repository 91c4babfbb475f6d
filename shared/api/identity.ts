import * as v from 'valibot';
import { idTagSchema } from '../identity/id-tag.ts';
import { linkedSchema } from '../identity/linked.ts';

const at = v.pipe(v.number(), v.safeInteger());

/** A site that the did document names. */
export const siteSchema = v.pipe(
  v.string(),
  v.maxLength(300),
  v.check((text) => {
    const url = URL.parse(text);
    return url?.protocol === 'https:' && url.href === text && url.username + url.password === '';
  }, 'a site is a whole https address, such as https://example.org/'),
);

/** `PUT keys/services`: what the did document names besides keys (SPEC K9). */
export const servicesSchema = v.strictObject({
  relay: v.boolean(),
  app: v.boolean(),
  sites: v.pipe(v.array(siteSchema), v.maxLength(10)),
});
export type Services = v.InferOutput<typeof servicesSchema>;

/** `GET keys`, for devices; `POST keys/rotate` and `POST keys/revoke` take `{}` and answer the same. Newest first. */
export const identityKeysSchema = v.object({
  keys: v.array(
    v.object({
      keyId: v.string(),
      publicKey: v.string(),
      state: v.picklist(['planned', 'current', 'older', 'retired', 'revoked']),
      /** Milliseconds. */
      createdAt: at,
      usedFrom: at,
      /** Seconds; known once another key is planned, or it has ended. */
      endsAt: v.optional(at),
    }),
  ),
  services: servicesSchema,
});
export type IdentityKeys = v.InferOutput<typeof identityKeysSchema>;

/** `POST me/linked`: another name of the identity; `DELETE me/linked?uri=` takes it away. */
export const newLinkedSchema = v.strictObject(linkedSchema.entries);

/** `GET me/linked`, open to all: the names that were proven, with what shows it. */
export const linkedListSchema = v.object({ linked: v.pipe(v.array(linkedSchema), v.maxLength(20)) });

/** `GET me/linked/own` for devices: all of them. `POST me/linked/check` looks at them again and answers the same. */
export const ownLinkedSchema = v.object({
  linked: v.array(
    v.object({
      uri: v.string(),
      /** Milliseconds. */
      checkedAt: at,
      /** It counts until it has not held for a week. */
      provenAt: v.optional(at),
      /** Why the last look failed. */
      reason: v.optional(v.string()),
    }),
  ),
});
export type OwnLinked = v.InferOutput<typeof ownLinkedSchema>['linked'];

/** `GET people/:idTag/linked`, for devices: what this relay found when it asked the other sides itself. Milliseconds. */
export const seenLinkedSchema = v.object({ uris: v.array(v.string()), checkedAt: at });

/** `POST people/changed`: to be looked at again, no more (SPEC K8). */
export const changedSchema = v.object({ idTag: idTagSchema });
