import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENTITY_TYPES } from '@blindpost/zk/entity-types';
import fc from 'fast-check';
import { entityHeaders, readEntityHeaders } from './headers.js';

const number = fc.bigInt({ min: 0n, max: 2n ** 254n }).map(String);
const point = fc.tuple(number, number, fc.constant('1')).map((each) => [...each]);
const plain = { noNullPrototype: true };
const points = fc.record(
  {
    pi_a: point,
    pi_b: fc.array(fc.array(number, { minLength: 2, maxLength: 2 }), { minLength: 3, maxLength: 3 }),
    pi_c: point,
    protocol: fc.constant('groth16'),
    curve: fc.constant('bn128'),
  },
  plain,
);
const proofs = fc.record({
  entityType: fc.constantFrom(...ENTITY_TYPES.map(({ code }) => code)),
  contextId: number,
  publicSignals: fc.array(number, { minLength: 5, maxLength: 5 }),
  proof: points,
});

test('what is written into headers is read from them', () => {
  fc.assert(
    fc.property(proofs, (proof) => {
      const headers = new Headers(entityHeaders(proof));
      const read = readEntityHeaders((name) => headers.get(name) ?? undefined);
      const claim = { proof: proof.proof, publicSignals: proof.publicSignals };
      assert.deepEqual(read, { ok: true, code: proof.entityType, claim });
    }),
  );
});

test('no text in a header is more than refused by its name', () => {
  const fields = ['entity-type', 'entity-proof', 'entity-signals'] as const;
  fc.assert(
    fc.property(proofs, fc.constantFrom(...fields), fc.string(), (proof, field, text) => {
      const headers = new Headers(entityHeaders(proof));
      const read = readEntityHeaders((name) => (name === field ? text : (headers.get(name) ?? undefined)));
      assert.deepEqual(read, { ok: false, field, missing: false });
    }),
  );
});
