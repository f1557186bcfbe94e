/** Rule 11: whether the identity signed its prekey, as Ed25519 or as XEdDSA. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type E2eeIdentity, makeE2eeIdentity, makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import { ed25519 } from '@noble/curves/ed25519.js';
import { assertBundle, assertPublic, assertRefused, stock } from './answers.js';
import { onEveryStage } from './stage.js';
import { type MontgomeryPair, makeMontgomeryPair } from './xeddsa.js';

/** Both kinds of a phone's key: those whose point keeps its sign, and those whose sign is turned. */
function bothSigns(): MontgomeryPair[] {
  const found = new Map<boolean, MontgomeryPair>();
  while (found.size < 2) {
    const pair = makeMontgomeryPair();
    found.set(pair.turned, pair);
  }
  return [...found.values()];
}

const identities = (): E2eeIdentity[] => [makeE2eeIdentity(), ...bothSigns()];

/** The signature with one bit changed. */
function flipped(base64: string, byte: number): string {
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8((bytes[byte] ?? 0) ^ 1, byte);
  return bytes.toString('base64');
}

/** Uploads whose signatures do not hold, and why. */
function wrong(): [string, ReturnType<typeof makeE2eeUpload>][] {
  return identities().flatMap((identity, n) => {
    const name = n === 0 ? 'Ed25519' : 'XEdDSA';
    const good = makeE2eeUpload(2, {}, identity);
    const key = Buffer.from(good.signedPreKey, 'base64');
    const stranger = n === 0 ? makeE2eeIdentity() : makeMontgomeryPair();
    const other = randomBytes(32).toString('base64');
    return [
      [`${name}: over another key`, { ...good, signedPreKey: other }],
      [`${name}: by another identity`, { ...good, identityKey: stranger.key }],
      [`${name}: of another identity`, { ...good, signedPreKeySignature: stranger.sign(key) }],
      [
        `${name}: over the Base64 text`,
        { ...good, signedPreKeySignature: identity.sign(Buffer.from(good.signedPreKey)) },
      ],
      [`${name}: a bit of R`, { ...good, signedPreKeySignature: flipped(good.signedPreKeySignature, 3) }],
      [`${name}: a bit of s`, { ...good, signedPreKeySignature: flipped(good.signedPreKeySignature, 40) }],
      [
        `${name}: too short`,
        {
          ...good,
          signedPreKeySignature: Buffer.from(good.signedPreKeySignature, 'base64')
            .subarray(1)
            .toString('base64'),
        },
      ],
      [
        `${name}: too long`,
        {
          ...good,
          signedPreKeySignature: Buffer.concat([
            Buffer.from(good.signedPreKeySignature, 'base64'),
            Buffer.alloc(1),
          ]).toString('base64'),
        },
      ],
      [`${name}: nothing but zeros`, { ...good, signedPreKeySignature: Buffer.alloc(64).toString('base64') }],
      [`${name}: an identity of zeros`, { ...good, identityKey: Buffer.alloc(32).toString('base64') }],
      [
        `${name}: an identity that is no point`,
        { ...good, identityKey: Buffer.alloc(32, 0xff).toString('base64') },
      ],
      [
        `${name}: an identity of another size`,
        {
          ...good,
          identityKey: Buffer.concat([Buffer.from(identity.key, 'base64'), Buffer.alloc(1)]).toString(
            'base64',
          ),
        },
      ],
    ];
  });
}

test('the XEdDSA of these tests is what its specification calls valid', () => {
  for (let n = 0; n < 20; n += 1) {
    const pair = makeMontgomeryPair();
    const text = randomBytes(32);
    const u = BigInt(`0x${Buffer.from(pair.key, 'base64').reverse().toString('hex')}`);
    // convert_mont: y = (u − 1) / (u + 1), with the sign bit 0.
    const { Fp } = ed25519.Point;
    const y = Fp.mul(Fp.sub(u, 1n), Fp.inv(Fp.add(u, 1n)));
    const key = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
    assert.ok(ed25519.verify(Buffer.from(pair.sign(text), 'base64'), text, key));
  }
});

await onEveryStage('rule 11, verified', (stage) => {
  test('a signature of either kind that holds is verified, for everyone who looks', async () => {
    const other = await stage.account();
    for (let n = 0; n < 5; n += 1) {
      for (const identity of identities()) {
        const owner = await stage.account();
        assert.equal(assertBundle(await owner.upload(makeE2eeUpload(1, {}, identity))).verified, true);
        assert.equal(assertPublic(await owner.me()).verified, true);
        assert.equal(assertPublic(await other.bundle(owner.id, false)).verified, true);
        assert.equal(assertPublic(await other.claim(owner.id)).verified, true);
      }
    }
  });

  test('one that does not hold is kept and shown as such', async () => {
    const owner = await stage.account();
    const other = await stage.account();
    for (const [why, upload] of wrong()) {
      // Each is another identity's, so that no one-time prekey stands in the way of the next.
      assert.equal(assertBundle(await owner.upload({ ...upload, oneTimePreKeys: [] })).verified, false, why);
      assert.equal(assertPublic(await owner.me()).verified, false, why);
      assert.equal(assertPublic(await other.bundle(owner.id, false)).verified, false, why);
    }
  });

  test('what was verified is so no longer after an upload that is not, and the other way round', async () => {
    const owner = await stage.account();
    const good = makeE2eeUpload();
    const bad = { ...good, signedPreKeySignature: flipped(good.signedPreKeySignature, 0) };
    for (const [upload, verified] of [
      [good, true],
      [bad, false],
      [good, true],
    ] as const) {
      assert.equal(assertBundle(await owner.upload(upload)).verified, verified);
      assert.equal(assertPublic(await owner.me()).verified, verified);
    }
  });
});

await onEveryStage(
  'rule 11, signatures required',
  (stage) => {
    test('what does not hold is refused and leaves what was there', async () => {
      const owner = await stage.account();
      for (const [why, upload] of wrong()) {
        const answer = await owner.upload(upload);
        assert.equal(answer.status, 422, `${why}: ${answer}`);
        assertRefused(answer, 422, 'bad_signature');
      }
      assertRefused(await owner.me(), 404, 'not_found');
      const good = makeE2eeUpload(2);
      assertBundle(await owner.upload(good));
      const before = assertPublic(await owner.me());
      for (const [, upload] of wrong()) assertRefused(await owner.upload(upload), 422, 'bad_signature');
      assert.deepEqual(assertPublic(await owner.me()), before);
      assert.equal(await stock(owner), 2);
    });

    test('what holds is taken, of either kind', async () => {
      for (const identity of identities()) {
        const owner = await stage.account();
        assert.equal(assertBundle(await owner.upload(makeE2eeUpload(1, {}, identity))).verified, true);
      }
    });
  },
  { env: { E2EE_REQUIRE_SIGNED_PREKEYS: 'true' } },
);
