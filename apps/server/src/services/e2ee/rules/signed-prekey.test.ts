import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { describe, test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { makeMontgomeryPair } from '../../../../test/e2ee/xeddsa.js';
import { isVerified } from './signed-prekey.js';

const PREKEY = randomBytes(32);
const typed = (key: Uint8Array, type = 0x05) => Uint8Array.of(type, ...key);
const bytes = (base64: string) => Uint8Array.from(Buffer.from(base64, 'base64'));
const flipped = (from: Uint8Array, bit: number) =>
  from.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));

function edwardsPair(): { key: Uint8Array; signature: Uint8Array } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Uint8Array.from(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { key, signature: Uint8Array.from(sign(null, PREKEY, privateKey)) };
}

function montgomeryPair(): { key: Uint8Array; signature: Uint8Array } {
  const pair = makeMontgomeryPair();
  return { key: bytes(pair.key), signature: bytes(pair.sign(PREKEY)) };
}

/** As libsignal signed before the specification: under the point as it is, whose sign goes along. */
function signBitPair(): { key: Uint8Array; signature: Uint8Array; odd: boolean } {
  const pair = makeMontgomeryPair();
  const order = ed25519.Point.Fn.ORDER;
  const little = (from: Uint8Array) => BigInt(`0x${Buffer.from(from).reverse().toString('hex')}`) % order;
  const a = little(pair.secret);
  const point = ed25519.Point.BASE.multiply(a).toBytes();
  const r = little(randomBytes(64));
  const nonce = ed25519.Point.BASE.multiply(r).toBytes();
  const h = little(createHash('sha512').update(nonce).update(point).update(PREKEY).digest());
  const s = ed25519.Point.Fn.toBytes((r + h * a) % order);
  const sign = (point[31] ?? 0) & 0x80;
  s[31] = (s[31] ?? 0) | sign;
  return { key: bytes(pair.key), signature: Uint8Array.of(...nonce, ...s), odd: sign !== 0 };
}

describe('the signature over a signed prekey', () => {
  const makers = { Ed25519: edwardsPair, XEdDSA: montgomeryPair, 'the form with a sign bit': signBitPair };
  for (const [name, make] of Object.entries(makers)) {
    test(`${name} verifies, with the type before the key or without`, () => {
      for (let round = 0; round < 16; round++) {
        const { key, signature } = make();
        assert.equal(isVerified(key, PREKEY, signature), true);
        assert.equal(isVerified(typed(key), PREKEY, signature), true);
        assert.equal(isVerified(typed(key, 0x06), PREKEY, signature), false);
      }
    });

    test(`${name} does not verify with any bit changed, nor for another prekey or key`, () => {
      const { key, signature } = make();
      const other = make();
      assert.equal(isVerified(other.key, PREKEY, signature), false);
      assert.equal(isVerified(key, PREKEY, other.signature), false);
      assert.equal(isVerified(key, typed(PREKEY), signature), false);
      for (let bit = 0; bit < 512; bit += 3) {
        assert.equal(isVerified(key, PREKEY, flipped(signature, bit)), false, `signature bit ${bit}`);
      }
      assert.equal(isVerified(key, PREKEY, flipped(signature, 511)), false, 'the sign bit');
      for (let bit = 0; bit < 255; bit += 5) {
        assert.equal(isVerified(flipped(key, bit), PREKEY, signature), false, `key bit ${bit}`);
        assert.equal(isVerified(key, flipped(PREKEY, bit), signature), false, `prekey bit ${bit}`);
      }
    });
  }

  test('both signs of the point are seen', () => {
    const odd = Array.from({ length: 40 }, () => signBitPair().odd);
    assert.ok(odd.includes(true) && odd.includes(false));
  });

  test('the sign bit of another kind of key says nothing: bit 255 of a Montgomery key is ignored', () => {
    const { key, signature } = montgomeryPair();
    assert.equal(isVerified(flipped(key, 255), PREKEY, signature), true);
  });

  test('Montgomery keys that stand for no point are refused', () => {
    const order = 2n ** 255n - 19n;
    const little = (u: bigint) =>
      Uint8Array.from(Buffer.from(u.toString(16).padStart(64, '0'), 'hex')).reverse();
    for (const u of [order - 1n, order, order + 1n, 2n ** 255n - 1n]) {
      assert.equal(isVerified(little(u), PREKEY, montgomeryPair().signature), false);
    }
  });

  test('keys and signatures of other lengths, and any bytes at all, are false and never throw', () => {
    const any = fc.uint8Array({ maxLength: 70 });
    const sized = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const key = fc.oneof(
      any,
      sized(32),
      sized(33).map((from) => typed(from.subarray(1))),
    );
    fc.assert(
      fc.property(key, any, fc.oneof(any, sized(64)), (key, prekey, signature) => {
        assert.equal(isVerified(key, prekey, signature), false);
      }),
    );
  });
});
