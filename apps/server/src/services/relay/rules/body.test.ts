import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelayFrame } from '@blindpost/protocol/relay';
import fc from 'fast-check';
import { payloadOf } from './body.js';

const MEMBERS = ['body', 'data', 'content', 'bundle'] as const;
const PART = { fragmentId: 'f', index: 0, total: 2 };

/** The member that a frame is refused for. */
function fieldOf(frame: RelayFrame): unknown {
  const result = payloadOf(frame);
  assert.equal(result.ok, false);
  assert.ok('code' in result);
  assert.equal(result.code, 'ERR_MALFORMED');
  return result.details.field;
}

test('the one body member is the payload, whatever JSON it is', () => {
  const bodies = fc.jsonValue().filter((body) => body !== null);
  fc.assert(
    fc.property(fc.constantFrom(...MEMBERS), bodies, (member, body) => {
      assert.deepEqual(payloadOf({ [member]: body }), { ok: true, payload: body });
    }),
  );
});

test('false, 0 and the empty text are bodies too', () => {
  for (const body of [false, 0, '']) assert.deepEqual(payloadOf({ body }), { ok: true, payload: body });
});

test('no body, or null for one, is malformed', () => {
  assert.equal(fieldOf({}), 'body');
  for (const member of MEMBERS) assert.equal(fieldOf({ [member]: null }), 'body');
});

test('two bodies exclude each other, each pair of them', () => {
  for (const one of MEMBERS) {
    for (const other of MEMBERS) {
      if (one !== other)
        assert.ok([one, other].some((member) => member === fieldOf({ [one]: 1, [other]: 2 })));
    }
  }
});

test('null beside a body is as if it were absent', () => {
  assert.deepEqual(payloadOf({ body: 'x', data: null }), { ok: true, payload: 'x' });
});

test('a fragment arrives with its numbers and its body together', () => {
  assert.deepEqual(payloadOf({ ...PART, data: 'half' }), { ok: true, payload: { ...PART, data: 'half' } });
  assert.deepEqual(payloadOf({ ...PART, fragmentId: 7 }), { ok: true, payload: { ...PART, fragmentId: 7 } });
});

test('a fragment lacks none of its numbers, and its index is below its total', () => {
  const { fragmentId, index, total } = PART;
  for (const part of [{ fragmentId }, { index }, { total }, { fragmentId, index }, { index, total }]) {
    assert.equal(fieldOf({ ...part, body: 'x' }), 'index');
  }
  assert.equal(fieldOf({ ...PART, index: 2, body: 'x' }), 'index');
});
