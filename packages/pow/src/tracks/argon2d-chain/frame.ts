import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Argon2dChainParams } from './params.js';

const utf8 = new TextEncoder();

/** 256 bytes that are part of the algorithm, the same for every round. */
export const TABLE = hexToBytes(
  '8b162f449d700c3a55e16b910f2ad4731c880aef397b5a1fc24e9011672cb8063e9a14c72b5d81f02649aa387f109e63' +
    'd1052d974a8e1b6d33f90e58bc21758a4f12e8306a9c02d75b1d47802e93af197a0b64c528519f3604db6f15823c9023' +
    '57a10d784c2ae2116e391a957007cb5e2f8416fa419b0c6c3d12d0558f2073a61e603b9704cd28597e158c42f10a6b31' +
    '9d27508613e7387402ba4f1c65900f2dd855197a3e8406c12b9a106f481df423608e0b319f1452c907763ca01a5d882e' +
    '45d30c6a219c5710f83b821f6405ad792a90164ec40d335b871268f0249e0741db1b702c568a109d354f06e17c12a358' +
    '2f8019670ad6449b215e730fc836148d',
);
const TABLE_HASH = tagged('a2dc:table:', TABLE);
const BAR = utf8.encode('|');

/** What a nonce starts with: the first link of the chain that fills the memory, and the global state. */
export function seedsOf({ challenge, seed }: Argon2dChainParams, nonce: string) {
  const hash = tagged('a2dc|', utf8.encode(challenge), BAR, utf8.encode(seed), BAR, utf8.encode(nonce));
  return {
    fill: tagged('a2dc:init:', hash, TABLE_HASH),
    state: tagged('a2dc:gs:', hash, TABLE_HASH),
  };
}

/** The digest of the 1,024 bytes of the last block and the 32 of the global state, after the last pass. */
export function digestOf(lastBlock: Uint8Array, state: Uint8Array): Uint8Array {
  return tagged('a2dc:out:', lastBlock, state, TABLE_HASH);
}

function tagged(tag: string, ...parts: Uint8Array[]): Uint8Array {
  return sha256(concatBytes(utf8.encode(tag), ...parts));
}
