import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildEddsa, type Pair } from 'circomlibjs';
import fc from 'fast-check';
import { Curve, SUBGROUP_ORDER } from '../babyjub/point.js';
import { SCALAR_MODULUS } from '../field/index.js';
import { isPublicKey, type Point, randomKey, sign, signingKey, verifySignature } from './index.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const eddsa = await buildEddsa();
const { F, babyJub } = eddsa;
const pair = ({ x, y }: Point): Pair => [F.e(x), F.e(y)];
const point = ([x, y]: Pair): Point => ({ x: F.toObject(x), y: F.toObject(y) });

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const message = fc.oneof(
  fc.bigInt(0n, SCALAR_MODULUS - 1n),
  fc.constantFrom(0n, 1n, SUBGROUP_ORDER, SCALAR_MODULUS - 1n),
);

/** A point of order 8: the curve's generator without its part of prime order. */
const torsion = point(babyJub.mulPointEscalar(babyJub.Generator, SUBGROUP_ORDER));
const multiples = Array.from({ length: 8 }, (_, n) =>
  point(babyJub.mulPointEscalar(pair(torsion), BigInt(n))),
);

test("base point and order are circomlib's", () => {
  assert.deepEqual(Curve.BASE.toAffine(), point(babyJub.Base8));
  assert.equal(SUBGROUP_ORDER, babyJub.subOrder);
});

test('keys and signatures are those of circomlibjs (400 in full)', () => {
  fc.assert(
    fc.property(key, message, (bytes, text) => {
      const ours = signingKey(bytes);
      assert.deepEqual(ours.publicKey, point(eddsa.prv2pub(bytes)));
      const theirs = eddsa.signPoseidon(bytes, F.e(text));
      assert.deepEqual(sign(ours, text), { r8: point(theirs.R8), s: theirs.S });
      assert.equal(verifySignature(ours.publicKey, text, sign(ours, text)), true);
    }),
    { numRuns: Math.ceil(400 * SCALE) },
  );
});

test('a signature that is changed in any part is refused, by us and by circomlibjs alike', () => {
  const { publicKey, ...rest } = signingKey(randomKey());
  const text = 257n;
  const signature = sign({ publicKey, ...rest }, text);
  const other = sign({ publicKey, ...rest }, 258n);
  const changes: [Point, bigint, { r8: Point; s: bigint }][] = [
    [publicKey, text + 1n, signature],
    [publicKey, text, { ...signature, s: signature.s + 1n }],
    [publicKey, text, { ...signature, s: 0n }],
    [publicKey, text, { ...signature, s: SUBGROUP_ORDER - signature.s }],
    [publicKey, text, { ...signature, s: other.s }],
    [publicKey, text, { ...signature, r8: other.r8 }],
    [publicKey, text, { ...signature, r8: { x: SCALAR_MODULUS - signature.r8.x, y: signature.r8.y } }],
    [signingKey(randomKey()).publicKey, text, signature],
    // The identity and other small points, which survive a sum.
    ...multiples.map((small): [Point, bigint, typeof signature] => [
      publicKey,
      text,
      { ...signature, r8: small },
    ]),
  ];
  for (const [by, of, changed] of changes) {
    assert.equal(verifySignature(by, of, changed), false);
    const theirs = { R8: pair(changed.r8), S: changed.s };
    assert.equal(eddsa.verifyPoseidon(F.e(of), theirs, pair(by)), false);
  }
});

test('S plus the order, a message plus r and coordinates out of range are no second spelling', () => {
  const ours = signingKey(randomKey());
  const signature = sign(ours, 1n);
  const { r8, s } = signature;
  const verify = (publicKey: Point, text: bigint, changed: typeof signature) =>
    verifySignature(publicKey, text, changed);
  assert.equal(verify(ours.publicKey, 1n, signature), true);
  assert.equal(verify(ours.publicKey, 1n, { r8, s: s + SUBGROUP_ORDER }), false);
  assert.equal(verify(ours.publicKey, 1n, { r8, s: s - SUBGROUP_ORDER }), false);
  assert.equal(verify(ours.publicKey, 1n + SCALAR_MODULUS, signature), false);
  assert.equal(verify(ours.publicKey, 1n - SCALAR_MODULUS, signature), false);
  assert.equal(verify(ours.publicKey, 1n, { r8: { x: r8.x + SCALAR_MODULUS, y: r8.y }, s }), false);
  assert.equal(verify(ours.publicKey, 1n, { r8: { x: r8.x, y: r8.y - SCALAR_MODULUS }, s }), false);
  const { x, y } = ours.publicKey;
  assert.equal(verify({ x: x + SCALAR_MODULUS, y }, 1n, signature), false);
});

test('points of small or mixed order, off the curve or out of range are no public keys', () => {
  assert.equal(new Set(multiples.map(({ x, y }) => `${x},${y}`)).size, 8);
  for (const small of multiples) assert.equal(isPublicKey(small), false);
  const { publicKey } = signingKey(randomKey());
  assert.equal(isPublicKey(publicKey), true);
  for (const small of multiples.slice(1)) {
    const mixed = babyJub.addPoint(pair(publicKey), pair(small));
    assert.equal(babyJub.inSubgroup(mixed), false);
    assert.equal(isPublicKey(point(mixed)), false);
  }
  const { x, y } = publicKey;
  for (const outside of [
    { x, y: y + 1n },
    { x: y, y: x },
    { x: 0n, y: 0n },
    { x: x + SCALAR_MODULUS, y },
    { x, y: -y },
  ]) {
    assert.equal(isPublicKey(outside), false);
  }
});

test('under a key of small order circomlibjs takes a forged signature, and we do not', () => {
  const identity = { x: 0n, y: 1n };
  const forged = { r8: Curve.BASE.multiply(5n).toAffine(), s: 5n };
  const theirs = { R8: pair(forged.r8), S: forged.s };
  assert.equal(eddsa.verifyPoseidon(F.e(99n), theirs, pair(identity)), true);
  assert.equal(verifySignature(identity, 99n, forged), false);
});

test('a key of another length and a message out of the field are refused', () => {
  for (const length of [0, 31, 33, 64]) assert.throws(() => signingKey(new Uint8Array(length)), RangeError);
  const ours = signingKey(randomKey());
  for (const text of [-1n, SCALAR_MODULUS]) assert.throws(() => sign(ours, text), RangeError);
});
