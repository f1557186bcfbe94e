import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { hexToBytes } from '@noble/hashes/utils.js';
import { randomScalar, UNIFORM_BYTES, uniformScalar } from '../field/uniform.js';

/** What an entity keeps to itself: two scalars. Whoever knows both can prove in its name. */
export type EntitySecrets = {
  /** Makes nullifiers as well as the commitment. */
  secret: bigint;
  /** Makes the commitment only, which a guessed secret alone therefore does not confirm. */
  salt: bigint;
};

const utf8 = new TextEncoder();
const LABELS = { secret: utf8.encode('blindpost-entity:secret'), salt: utf8.encode('blindpost-entity:salt') };
/** Whole bytes, 128 bits at least: the commitment is public, and a shorter secret is found by trying. */
const HEX = /^(?:0x)?((?:[0-9a-fA-F]{2}){16,64})$/;

/** Secrets of a new entity, from the system's generator. */
export function randomSecrets(): EntitySecrets {
  return { secret: randomScalar(), salt: randomScalar() };
}

/**
 * The secrets of a key of 16 to 64 bytes in hex, `0x` or not, by HKDF-SHA-256 (RFC 5869) with a label each; undefined
 * when `hex` is none. The key should be random: a password is not stretched here.
 */
export function secretsFromHex(hex: string): EntitySecrets | undefined {
  const digits = HEX.exec(hex)?.[1];
  if (digits === undefined) return undefined;
  const key = hexToBytes(digits);
  return { secret: derive(key, LABELS.secret), salt: derive(key, LABELS.salt) };
}

function derive(key: Uint8Array, label: Uint8Array): bigint {
  return uniformScalar(hkdf(sha256, key, undefined, label, UNIFORM_BYTES));
}
