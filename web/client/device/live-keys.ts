import type { DeviceKeys } from './key-store.ts';

/** The keys of this device as they are now: whoever holds this follows a renewal. Take a copy (`{ ...keys }`) for work that must not. */
export interface LiveKeys extends DeviceKeys {
  replace(keys: DeviceKeys): void;
}

export function createLiveKeys(first: DeviceKeys): LiveKeys {
  let current = first;
  return {
    get did() {
      return current.did;
    },
    get origin() {
      return current.origin;
    },
    get jwk() {
      return current.jwk;
    },
    get ecdh() {
      return current.ecdh;
    },
    get sign() {
      return current.sign;
    },
    get derive() {
      return current.derive;
    },
    replace: (keys) => {
      current = keys;
    },
  };
}
