import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { shake128 } from '@noble/hashes/sha3.js';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import fc from 'fast-check';
import { SessionError } from '../error.js';
import { IdentityKeys } from '../identity/identity-keys.js';
import { agreementKeyOf, verify } from './ed25519.js';
import { decapsulate, KEM_CIPHERTEXT } from './kem.js';
import { pad, unpad } from './padding.js';
import { agree, keyPairOf } from './x25519.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const refusedKey = (error: unknown) => error instanceof SessionError && error.code === 'bad_key';

test('X25519: RFC 7748, 5.2 and 6.1', () => {
  const scalar = hexToBytes('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4');
  const u = hexToBytes('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c');
  const out = 'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552';
  assert.equal(bytesToHex(agree(scalar, u)), out);
  const alice = keyPairOf(hexToBytes('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'));
  const bob = keyPairOf(hexToBytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'));
  const alicePublic = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
  const shared = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';
  assert.equal(bytesToHex(alice.publicKey), alicePublic);
  assert.equal(bytesToHex(agree(alice.secret, bob.publicKey)), shared);
  assert.equal(bytesToHex(agree(bob.secret, alice.publicKey)), shared);
});

test('X25519: points of small order are refused', () => {
  for (const point of [
    '0000000000000000000000000000000000000000000000000000000000000000',
    '0100000000000000000000000000000000000000000000000000000000000000',
    'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
    'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
    '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  ]) {
    assert.throws(() => agree(new Uint8Array(32).fill(7), hexToBytes(point)), refusedKey, point);
  }
});

test('HKDF-SHA-256: RFC 5869, A.1', () => {
  const info = hexToBytes('f0f1f2f3f4f5f6f7f8f9');
  const out = hkdf(sha256, new Uint8Array(22).fill(0x0b), hexToBytes('000102030405060708090a0b0c'), info, 42);
  assert.equal(
    bytesToHex(out),
    '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
  );
});

test('XChaCha20-Poly1305: draft-irtf-cfrg-xchacha, A.3.1', () => {
  const count = (from: number, length: number) => Uint8Array.from({ length }, (_, n) => from + n);
  const box = xchacha20poly1305(count(0x80, 32), count(0x40, 24), hexToBytes('50515253c0c1c2c3c4c5c6c7'));
  const text =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.";
  assert.equal(
    bytesToHex(box.encrypt(utf8ToBytes(text))),
    'bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb' +
      '731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452' +
      '2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9' +
      '21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49',
  );
});

describe('Ed25519', () => {
  test('RFC 8032, 7.1: keys and signatures', () => {
    const identity = IdentityKeys.fromSecret(
      hexToBytes('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'),
    );
    const signature =
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';
    assert.equal(
      bytesToHex(identity.publicKey),
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
    assert.equal(bytesToHex(identity.sign(new Uint8Array())), signature);
    assert.ok(verify(hexToBytes(signature), new Uint8Array(), identity.publicKey));
    assert.ok(!verify(hexToBytes(signature), Uint8Array.of(0), identity.publicKey));
  });

  test('an identity agrees by the birational map of its key', () => {
    const identity = IdentityKeys.create();
    const other = keyPairOf(x25519.utils.randomSecretKey());
    assert.deepEqual(
      identity.agree(other.publicKey),
      agree(other.secret, agreementKeyOf(identity.publicKey)),
    );
  });

  test('a point of small order, or with a part of it, is no identity', () => {
    const small = ed25519.Point.fromBytes(new Uint8Array(32));
    assert.ok(small.isSmallOrder());
    const mixed = ed25519.Point.fromBytes(IdentityKeys.create().publicKey).add(small);
    for (const point of [small, mixed]) assert.throws(() => agreementKeyOf(point.toBytes()), refusedKey);
    assert.throws(() => agreementKeyOf(new Uint8Array(32).fill(0xff)), refusedKey);
    assert.throws(() => IdentityKeys.fromSecret(new Uint8Array(31)), refusedKey);
  });
});

/** The accumulated vectors of C2SP/CCTV for FIPS 203: published for 10,000 cases, with the same walk cut at 100. */
test('ML-KEM-1024: 10,000 accumulated vectors, implicit rejection among them', () => {
  const full = SCALE >= 1;
  const expected = full
    ? 'e3bf82b013307b2e9d47dde791ff6dfc82e694e6382404abdb948b908b75bad5'
    : 'c3ffe9ebecfa479c142656cbfbc6417efa05b77e994fe538eef4daed166363df';
  const random = shake128.create();
  const sum = shake128.create();
  for (let n = 0; n < (full ? 10_000 : 100); n++) {
    const seed = random.xof(64);
    const { publicKey, secretKey } = ml_kem1024.keygen(seed);
    const { cipherText, sharedSecret } = ml_kem1024.encapsulate(publicKey, random.xof(32));
    assert.deepEqual(decapsulate(seed, cipherText), sharedSecret);
    const rejected = decapsulate(seed, random.xof(KEM_CIPHERTEXT));
    sum.update(publicKey).update(secretKey).update(cipherText).update(sharedSecret).update(rejected);
  }
  assert.equal(bytesToHex(sum.xof(32)), expected);
});

describe('padding', () => {
  test('is taken off again, and hides the length within 256 bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (plaintext) => {
        const padded = pad(plaintext);
        assert.equal(padded.length % 256, 0);
        assert.ok(padded.length - plaintext.length <= 256);
        assert.deepEqual(unpad(padded), plaintext);
      }),
    );
  });

  test('has one spelling: without a mark, or longer than it must be, it is refused', () => {
    const long = new Uint8Array(512);
    long[3] = 0x80;
    for (const padded of [new Uint8Array(), new Uint8Array(256), long, pad(new Uint8Array()).slice(0, 255)]) {
      assert.throws(() => unpad(padded), SessionError);
    }
  });
});
