import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  AttestAnswer,
  RecordAnswer,
  RegisterAttesterAnswer,
  Rejected,
  Verified,
  VerifyBatchAnswer,
} from '@blindpost/protocol/identity';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import { BASE_MODULUS, SCALAR_MODULUS } from '@blindpost/zk/field';
import { assertOk, assertRefused, shaped } from '../relay/answers.js';
import { type Claim, claim, closeProver, entity, HOUSE_ROOT, houseSignature, joinHouse } from './house.js';
import { ADMIN, onEveryStage, type Stage } from './stage.js';

after(closeProver);

/** A proof that does not hold: a status, `valid: false` and the document's members. */
function assertRejected(answer: WireAnswer, status: number, code: string, field?: string): void {
  assert.equal(answer.status, status, String(answer));
  const { error, details } = shaped(Rejected, answer.json);
  assert.equal(error, code, String(answer));
  if (field !== undefined) assert.equal(details.field, field);
}

const hex = (decimal: string) => `0x${BigInt(decimal).toString(16)}`;
const inHex = ({ proof, publicSignals }: Claim) => ({
  proof: {
    ...proof,
    pi_a: proof.pi_a.map(hex),
    pi_b: proof.pi_b.map((pair) => pair.map(hex)),
    pi_c: proof.pi_c.map(hex),
  },
  publicSignals: publicSignals.map(hex),
});

await onEveryStage('verification', suite, {
  // A hundred at once are verified, not refused.
  env: { COMPUTE_LIMIT_QUEUE: '256' },
});

function suite(stage: Stage): void {
  let houseKey = '';
  before(async () => {
    houseKey = await joinHouse(stage.wire);
  });

  test('a proof that holds is answered as the document says', async () => {
    const { proof, publicSignals, nullifier, entityCommitment } = await claim(1, '1706454600');
    const body = { proof, publicSignals };
    const answer = assertOk(await stage.wire.verify(body), Verified);
    assert.deepEqual(answer, {
      valid: true,
      entityType: 'AI.CA',
      entityTypeName: 'Conversational Agent',
      phoneticName: 'Kah',
      typeCode: 257,
      entityCommitment,
      nullifier,
      contextId: '1706454600',
      registryRootValid: true,
      nullifierStatus: 'new',
      recorded: false,
    });
    assert.equal(entityCommitment, entity(1).commitment.toString());
    for (const wire of stage.wires) assert.deepEqual(assertOk(await wire.verify(body), Verified), answer);
  });

  test('numbers may be hex, and are answered in the one decimal spelling', async () => {
    const one = await claim(1, '1706454600');
    const answer = assertOk(await stage.wire.verify(inHex(one)), Verified);
    assert.equal(answer.nullifier, one.nullifier);
    assert.equal(answer.contextId, '1706454600');
  });

  test('what was changed does not hold', async () => {
    const { wire } = stage;
    const { proof, publicSignals } = await claim(1, '1706454600');
    const other = await claim(2, 'a');
    const verdict = (body: object) => wire.verify({ proof, publicSignals, ...body });
    assertRejected(await verdict({ proof: { ...proof, pi_a: proof.pi_c } }), 400, 'proof_invalid');
    assertRejected(await verdict({ proof: other.proof }), 400, 'proof_invalid');
    assertRejected(await verdict({ publicSignals: other.publicSignals }), 400, 'proof_invalid');
    for (const at of [0, 1, 4]) {
      const changed = publicSignals.with(at, (BigInt(publicSignals[at] ?? '') + 1n).toString());
      assertRejected(await verdict({ publicSignals: changed }), 400, 'proof_invalid');
    }
    // Another type, one that there is not, and a point beside the curve.
    assertRejected(await verdict({ publicSignals: publicSignals.with(2, '258') }), 400, 'proof_invalid');
    assertRejected(
      await verdict({ publicSignals: publicSignals.with(2, '9') }),
      400,
      'proof_invalid',
      'publicSignals.2',
    );
    const [x = '', , z = ''] = proof.pi_a;
    assertRejected(
      await verdict({ proof: { ...proof, pi_a: [x, '1', z] } }),
      400,
      'proof_invalid',
      'proof.pi_a',
    );
    // A root that was never one.
    assertRejected(
      await verdict({ publicSignals: publicSignals.with(3, '5') }),
      400,
      'root_mismatch',
      'publicSignals.3',
    );
  });

  test('what cannot be read is named', async () => {
    const { wire } = stage;
    const { proof, publicSignals } = await claim(1, '1706454600');
    const cases: [string, object][] = [
      ['proof', { publicSignals }],
      ['publicSignals', { proof }],
      ['proof', { proof: 'x', publicSignals }],
      ['proof.pi_a', { proof: { ...proof, pi_a: undefined }, publicSignals }],
      ['proof.pi_a', { proof: { ...proof, pi_a: ['1', '2'] }, publicSignals }],
      ['proof.pi_b.1', { proof: { ...proof, pi_b: [['1', '2'], ['1'], ['1', '0']] }, publicSignals }],
      [
        'proof.pi_a.0',
        { proof: { ...proof, pi_a: proof.pi_a.with(0, BASE_MODULUS.toString()) }, publicSignals },
      ],
      ['proof.pi_a.2', { proof: { ...proof, pi_a: proof.pi_a.with(2, '2') }, publicSignals }],
      ['proof.protocol', { proof: { ...proof, protocol: 'plonk' }, publicSignals }],
      ['publicSignals', { proof, publicSignals: publicSignals.slice(1) }],
      ['publicSignals', { proof, publicSignals: [...publicSignals, '0'] }],
      ['publicSignals.0', { proof, publicSignals: publicSignals.with(0, SCALAR_MODULUS.toString()) }],
      ['publicSignals.0', { proof, publicSignals: publicSignals.with(0, 'x') }],
      ['publicSignals.0', { proof, publicSignals: [1, 2, 3, 4, 5] }],
      ['domain', { proof, publicSignals, domain: '' }],
      ['domain', { proof, publicSignals, domain: 'a b' }],
      ['domain', { proof, publicSignals, domain: '.' }],
      ['domain', { proof, publicSignals, domain: '.example' }],
      ['domain', { proof, publicSignals, domain: 'shop..example' }],
      ['domain', { proof, publicSignals, domain: 'example..' }],
      ['consume', { proof, publicSignals, consume: 'true' }],
      ['expect.entitytype', { proof, publicSignals, expect: { entitytype: 'AI.CA' } }],
      ['expect.maxAgeMs', { proof, publicSignals, expect: { maxAgeMs: -1 } }],
      // Halves of characters would all be one context.
      ['expect.contextId', { proof, publicSignals, expect: { contextId: 'a\ud800' } }],
      ['body', []],
    ];
    for (const [field, body] of cases) {
      assertRejected(await wire.verify(body), 400, 'invalid_request', field);
    }
    assertRejected(await wire.send('POST', '/verify', '{'), 400, 'invalid_request', 'body');
    const { nullifier } = await claim(1, '1706454600');
    const halved = await wire.record({ nullifier, contextId: '\udfff' });
    assertRefused(halved, 400, 'invalid_request', 'contextId');
    const whole = { proof, publicSignals, expect: { contextId: '🙂' } };
    assertRejected(await wire.verify(whole), 400, 'expectation_failed', 'expect.contextId');
  });

  test('no spelling of a used nullifier is new, in any case of its domain', async () => {
    const { wire } = stage;
    const one = await claim(1, 'spellings');
    const { proof, publicSignals, nullifier } = one;
    const domain = 'Shop.Example';
    const consumed = await wire.verify({ proof, publicSignals, domain, consume: true });
    assert.deepEqual(
      [assertOk(consumed, Verified).nullifierStatus, assertOk(consumed, Verified).recorded],
      ['new', true],
    );
    const bare = BigInt(nullifier).toString(16);
    const spellings = [
      nullifier,
      `0${nullifier}`,
      ` ${nullifier}`,
      `+${nullifier}`,
      `${nullifier}.0`,
      `${nullifier}n`,
      (BigInt(nullifier) + SCALAR_MODULUS).toString(),
      `0x${bare}`,
      `0X${bare}`,
      `0x${bare.toUpperCase()}`,
      `0x${bare.padStart(64, '0')}`,
      `0x0${bare.padStart(64, '0')}`,
      bare,
    ];
    for (const spelling of spellings) {
      for (const each of ['shop.example', 'SHOP.EXAMPLE', 'shop.example.']) {
        const signals = publicSignals.with(0, spelling);
        const again = await stage.nth(1).verify({ proof, publicSignals: signals, domain: each });
        if (again.status === 200) assert.equal(assertOk(again, Verified).nullifierStatus, 'used');
        else assert.equal(again.json.error, 'invalid_request', spelling);
        const recorded = await wire.record({ nullifier: spelling, contextId: 'spellings', domain: each });
        assert.ok([400, 409].includes(recorded.status), `${spelling}: ${recorded}`);
        const spent = await wire.verify({ proof, publicSignals: signals, domain: each, consume: true });
        assert.ok([400, 409].includes(spent.status), `${spelling}: ${spent}`);
      }
    }
    const elsewhere = await wire.verify({ proof, publicSignals, domain: 'other.example' });
    assert.equal(assertOk(elsewhere, Verified).nullifierStatus, 'new');
    assertRejected(await wire.verify({ proof, publicSignals, domain, consume: true }), 409, 'nullifier_used');
  });

  test('a proof is held to what is expected of it', async () => {
    const { wire } = stage;
    const now = Date.now();
    const seconds = await claim(1, String(Math.floor(now / 1000) + 3_600));
    const { proof, publicSignals } = await claim(1, '1706454600');
    const judged = (expect: object) => wire.verify({ proof, publicSignals, expect });
    for (const expect of [
      {},
      { entityType: 'AI.CA' },
      { category: 'AI' },
      { contextId: '1706454600' },
      { maxAgeMs: now },
      { entityType: 'AI.CA', category: 'AI', contextId: '1706454600', maxAgeMs: now },
    ]) {
      assertOk(await judged(expect), Verified);
    }
    for (const [field, expect] of [
      ['expect.entityType', { entityType: 'AI.GN' }],
      ['expect.category', { category: 'HU' }],
      ['expect.contextId', { contextId: '1706454601' }],
      // As a context this is a text, whatever number it may be.
      ['expect.contextId', { contextId: '0x65b66f88' }],
      ['expect.maxAgeMs', { maxAgeMs: 1_000 }],
    ] as const) {
      assertRejected(await judged(expect), 400, 'expectation_failed', field);
    }
    assertRejected(await judged({ entityType: 'constructor' }), 400, 'invalid_type', 'expect.entityType');
    // Of a future that nobody's clock is off by, and no time at all.
    const future = { proof: seconds.proof, publicSignals: seconds.publicSignals };
    const late = await wire.verify({ ...future, expect: { maxAgeMs: now } });
    assertRejected(late, 400, 'expectation_failed', 'expect.maxAgeMs');
    const text = await claim(1, 'spellings');
    const odd = await wire.verify({ ...text, expect: { maxAgeMs: now } });
    assertRejected(odd, 400, 'expectation_failed', 'expect.maxAgeMs');
    assertOk(await wire.verify({ ...text, expect: { contextId: 'spellings' } }), Verified);
  });

  test('a nullifier is recorded by whoever had its proof verified, or by the proof', async () => {
    const { wire } = stage;
    const { proof, publicSignals, nullifier } = await claim(2, 'a');
    const body = { nullifier, contextId: 'a', domain: 'example.com' };
    const from = '127.0.0.9';
    assertRefused(await wire.record(body), 400, 'proof_required', 'proof');
    assertOk(await wire.verify({ proof, publicSignals }, { from }), Verified);
    assertRefused(await wire.record(body), 400, 'proof_required', 'proof');
    assertRefused(await wire.record({ ...body, contextId: 'b' }, { from }), 400, 'proof_required');
    const recorded = await stage.nth(1).record(body, { from });
    assert.deepEqual(assertOk(recorded, RecordAnswer), { recorded: true, nullifier });
    assertRefused(await wire.record(body, { from }), 409, 'nullifier_used', 'nullifier');
    assertRefused(await wire.record(body), 409, 'nullifier_used');
    const status = assertOk(await wire.verify({ proof, publicSignals, domain: 'example.com' }), Verified);
    assert.equal(status.nullifierStatus, 'used');

    const signals = publicSignals.map(hex);
    const byProof = { nullifier: hex(nullifier), contextId: 'a', domain: 'by.proof', proof };
    for (const [field, wrong] of [
      ['publicSignals', { publicSignals: undefined }],
      ['nullifier', { nullifier: '1' }],
      ['contextId', { contextId: 'b' }],
      ['proof', { proof: undefined }],
    ] as const) {
      const refused = await wire.record({ ...byProof, publicSignals: signals, ...wrong });
      assertRefused(refused, 400, 'invalid_request', field);
    }
    const forged = { ...proof, pi_a: proof.pi_c };
    assertRefused(
      await wire.record({ ...byProof, publicSignals: signals, proof: forged }),
      400,
      'proof_invalid',
    );
    assert.deepEqual(assertOk(await wire.record({ ...byProof, publicSignals: signals }), RecordAnswer), {
      recorded: true,
      nullifier,
    });
    assertRefused(await wire.record({ ...byProof, publicSignals: signals }), 409, 'nullifier_used');
  });

  test('an attester may record from another address what it had verified under its key', async () => {
    const { wire } = stage;
    const { proof, publicSignals, nullifier } = await claim(2, 'a');
    const asking = { key: houseKey, from: '127.0.0.21' };
    assertOk(await wire.verify({ proof, publicSignals }, asking), Verified);
    const body = { nullifier, contextId: 'a', domain: 'by.key' };
    assertRefused(await wire.record(body, { from: '127.0.0.22' }), 400, 'proof_required');
    assertOk(await wire.record(body, { key: houseKey, from: '127.0.0.22' }), RecordAnswer);
  });

  test('100 who consume one nullifier at the same time: one does, 99 are told that it is used', async () => {
    const { proof, publicSignals } = await claim(2, 'a');
    const body = { proof, publicSignals, domain: 'race', consume: true };
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => stage.nth(n).verify(body)));
    const statuses = answers.map(({ status, json }) => `${status} ${json.error ?? 'ok'}`).sort();
    assert.deepEqual(statuses, ['200 ok', ...Array(99).fill('409 nullifier_used')]);
  });

  test('100 who record one nullifier at the same time: one does, 99 are told that it is used', async () => {
    const { proof, publicSignals, nullifier } = await claim(2, 'a');
    assertOk(await stage.wire.verify({ proof, publicSignals }), Verified);
    const body = { nullifier, contextId: 'a', domain: 'race.of.records' };
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => stage.nth(n).record(body)));
    const statuses = answers.map(({ status, json }) => `${status} ${json.error ?? 'ok'}`).sort();
    assert.deepEqual(statuses, ['200 ok', ...Array(99).fill('409 nullifier_used')]);
  });

  test('many proofs are judged together, each as it would be alone', async () => {
    const { wire } = stage;
    const claims = [await claim(1, '1706454600'), await claim(2, 'a'), await claim(1, 'spellings')];
    const good = claims.map(({ proof, publicSignals }) => ({ proof, publicSignals }));
    const [first, second] = good;
    assert.ok(first !== undefined && second !== undefined);
    const bad = [
      { ...first, publicSignals: second.publicSignals },
      { ...first, publicSignals: first.publicSignals.with(3, '5') },
      { ...first, publicSignals: first.publicSignals.with(2, '0') },
      { ...first, publicSignals: first.publicSignals.with(0, '01') },
    ];
    const proofs = [...good, ...bad, ...good];
    const { results } = assertOk(await wire.post('/verify/batch', { proofs }), VerifyBatchAnswer);
    assert.deepEqual(
      results.map((each) => (each.valid ? each.nullifier : each.error)),
      [
        ...claims.map(({ nullifier }) => nullifier),
        'proof_invalid',
        'root_mismatch',
        'proof_invalid',
        'invalid_request',
        ...claims.map(({ nullifier }) => nullifier),
      ],
    );
    const hundred = Array.from({ length: 100 }, (_, n) => good[n % good.length] ?? first);
    const all = assertOk(await wire.post('/verify/batch', { proofs: hundred }), VerifyBatchAnswer);
    assert.ok(all.results.every(({ valid }) => valid));
    assert.equal(all.results.length, 100);
    const many = await wire.post('/verify/batch', { proofs: [...hundred, first] });
    assertRefused(many, 400, 'invalid_request', 'proofs');
    assertRefused(await wire.post('/verify/batch', { proofs: [] }), 400, 'invalid_request', 'proofs');
    const expect = { contextId: 'a' };
    const met = assertOk(await wire.post('/verify/batch', { proofs: good, expect }), VerifyBatchAnswer);
    assert.deepEqual(
      met.results.map(({ valid }) => valid),
      [false, true, false],
    );
  });

  test('a batch does not take what it would not heed: it consumes nothing, and judges all by one measure', async () => {
    const { wire } = stage;
    const { proof, publicSignals } = await claim(1, '1706454600');
    const one = { proof, publicSignals };
    const domain = 'of.a.batch';
    for (const [field, body] of [
      ['consume', { proofs: [one], domain, consume: true }],
      ['proofs.0.consume', { proofs: [{ ...one, consume: true }], domain }],
      ['proofs.0.domain', { proofs: [{ ...one, domain }] }],
      ['proofs.0.expect', { proofs: [{ ...one, expect: { entityType: 'HU.US' } }] }],
    ] as const) {
      assertRefused(await wire.post('/verify/batch', body), 400, 'invalid_request', field);
    }
    // What `eid prove` writes is a proof and more.
    const written = { ...one, entityType: 'AI.CA', contextId: '1706454600' };
    const answer = await wire.post('/verify/batch', { proofs: [written], domain, consume: false });
    const [judged] = assertOk(answer, VerifyBatchAnswer).results;
    assert.equal(judged?.valid === true && judged.nullifierStatus, 'new');
  });

  test('a proof falls with the last attestation on record, and stands again with the next', async () => {
    const { wire } = stage;
    const type = entityTypeByCode('AI.CA') ?? assert.fail();
    const { proof, publicSignals } = await claim(1, '1706454600');
    const body = { proof, publicSignals };
    const vouch = (more = {}) =>
      wire.attest(
        {
          entityCommitment: entity(1).commitment.toString(),
          entityType: 'AI.CA',
          ...houseSignature(1, type),
          ...more,
        },
        houseKey,
      );
    const { attestation } = assertOk(await vouch(), AttestAnswer);
    assertOk(await wire.verify(body), Verified);
    assert.equal((await wire.delete(`/admin/attestations/${attestation.id}`, { key: ADMIN })).status, 200);
    for (const each of stage.wires) assertRejected(await each.verify(body), 400, 'attestation_revoked');
    const { results } = assertOk(await wire.post('/verify/batch', { proofs: [body] }), VerifyBatchAnswer);
    assert.equal(results[0]?.valid === false && results[0].error, 'attestation_revoked');

    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    assertOk(await vouch({ expiresAt }), AttestAnswer);
    assertOk(await wire.verify(body), Verified);
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    assertRejected(await wire.verify(body), 400, 'attestation_revoked');
    assertOk(await vouch(), AttestAnswer);
    assertOk(await wire.verify(body), Verified);
  });

  test('a proof outlives additions to the registry, and not the revocation of its attester', async () => {
    const { wire } = stage;
    const { proof, publicSignals } = await claim(1, '1706454600');
    const added = await wire.register({ id: 'newcomer', name: 'Newcomer', allowedTypes: ['HU.US'] });
    assert.notEqual(assertOk(added, RegisterAttesterAnswer).registryRoot, HOUSE_ROOT);
    for (const each of stage.wires) assertOk(await each.verify({ proof, publicSignals }), Verified);
    assert.equal((await wire.revoke('newcomer')).status, 200);
    for (const each of stage.wires) assertOk(await each.verify({ proof, publicSignals }), Verified);
    assert.equal((await wire.revoke('house')).status, 200);
    for (const each of stage.wires) {
      assertRejected(await each.verify({ proof, publicSignals }), 400, 'root_mismatch', 'publicSignals.3');
      const spent = { proof, publicSignals, domain: 'late', consume: true };
      assertRejected(await each.verify(spent), 400, 'root_mismatch');
    }
  });
}
