import { ed25519 } from '@noble/curves/ed25519.js';
import { p256, p384 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { base64urlToBytes, concatBytes, textToBytes } from '../../shared/bytes.ts';

const base58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

function base58ToBytes(text: string): Uint8Array {
  let number = [...text].reduce((sum, character) => sum * 58n + BigInt(base58.indexOf(character)), 0n);
  const bytes: number[] = [];
  for (; number > 0n; number >>= 8n) bytes.unshift(Number(number & 255n));
  return new Uint8Array(bytes);
}

type Verify = (signature: Uint8Array, message: Uint8Array, key: Uint8Array) => boolean;

/** Multicodec of the public key, as a varint → how a key of that kind signs: R‖S or as RFC 8032 says. */
const kinds = new Map<string, Verify>([
  ['ed01', (signature, message, key) => ed25519.verify(signature, message, key)],
  ['e701', (signature, message, key) => secp256k1.verify(signature, message, key, { lowS: false })],
  ['8024', (signature, message, key) => p256.verify(signature, message, key, { lowS: false })],
  ['8124', (signature, message, key) => p384.verify(signature, message, key, { lowS: false })],
]);

/** What noble throws for keys and signatures that are none. */
function orFalse(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/**
 * SPEC N8: whether the key of a did:key (Ed25519, secp256k1, P-256, P-384) signed this text.
 * @param proof base64url
 */
export function isSignedByDidKey(did: string, text: string, proof: string): boolean {
  return orFalse(() => {
    const bytes = base58ToBytes(did.slice('did:key:z'.length));
    const verify = kinds.get(Buffer.from(bytes.subarray(0, 2)).toString('hex'));
    return verify?.(base64urlToBytes(proof), textToBytes(text), bytes.subarray(2)) ?? false;
  });
}

/**
 * SPEC N8: whether the holder of an Ethereum account signed this text with `personal_sign` (ERC-191, version 0x45).
 * @param proof 65 bytes R‖S‖V in hex, V 0, 1, 27 or 28
 */
export function isSignedByAccount(address: string, text: string, proof: string): boolean {
  return orFalse(() => {
    const signature = Buffer.from(/^0x([0-9a-fA-F]{130})$/.exec(proof)?.[1] ?? '', 'hex');
    const message = textToBytes(text);
    const prefix = textToBytes(`\u0019Ethereum Signed Message:\n${message.length}`);
    const last = signature[64] ?? 255;
    const point = secp256k1.Signature.fromBytes(signature.subarray(0, 64), 'compact')
      .addRecoveryBit(last >= 27 ? last - 27 : last)
      .recoverPublicKey(keccak_256(concatBytes(prefix, message)));
    const hash = keccak_256(point.toBytes(false).subarray(1));
    return `0x${Buffer.from(hash.subarray(12)).toString('hex')}` === address.toLowerCase();
  });
}
