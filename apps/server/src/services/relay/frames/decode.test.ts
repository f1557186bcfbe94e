import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { FRAMES_IN, FRAMES_OUT, type FrameInType, MAX_DEPTH } from '@blindpost/protocol/relay';
import fc from 'fast-check';
import { clientIdOf, decodeFrame, parseEnvelope } from './decode.js';

const HASH = 'a'.repeat(64);
const SEED = 'b'.repeat(64);

/** One frame of every type that a client may send. */
const FRAMES: Record<FrameInType, Record<string, unknown>> = {
  auth: { identity_hash: HASH, seed: SEED, nonce: '42' },
  relay: { to: HASH, body: 'hello', id: 'mine' },
  send_message: { TargetHash: HASH, data: { deep: [1] } },
  delivery_ack: { ids: ['0'.repeat(32)] },
  ack: { ids: ['0'.repeat(32)] },
  group_multicast: { targets: [{ to: HASH, body: 1, msg_type: 'typing' }] },
  volatile_relay: { to: 'team:one', body: false },
  subscribe_alias: { alias: 'team:one', seed: SEED, nonce: 42 },
  presence_subscribe: { to: HASH },
  presence_allow: { to: HASH },
  presence_deny: { to: HASH },
  presence_update: { status: 'here', to: [HASH] },
  ping: { timestamp: 1, dummy: true },
  dummy_pacing: {},
};

/** A frame from its text, all the way: the frame or the refusal. */
function decode(text: string | Uint8Array) {
  const envelope = parseEnvelope(Buffer.from(text));
  return envelope.ok ? decodeFrame(envelope) : envelope;
}

/** The member that a frame is refused for. */
function fieldOf(text: string | Uint8Array): string {
  const result = decode(text);
  assert.ok(!result.ok, `${text} was taken`);
  assert.equal(result.code, 'ERR_MALFORMED');
  const { field } = result.details;
  assert.ok(field !== undefined && field !== '' && field.length <= 256);
  return field;
}

describe('every type a client may send', () => {
  for (const [type, members] of Object.entries(FRAMES)) {
    test(`${type} is read with its members at top level or in payload`, () => {
      const expected = { ok: true, known: type, members };
      assert.deepEqual(decode(JSON.stringify({ type, ...members })), expected);
      assert.deepEqual(decode(JSON.stringify({ type, payload: members })), expected);
      assert.deepEqual(decode(`  ${JSON.stringify({ payload: members, type })}\n\t \r`), expected);
    });
  }
});

test('members may stand in both places, and those in payload win', () => {
  const result = decode(`{"type":"relay","to":"outer","id":"outer","payload":{"to":"inner","body":1}}`);
  assert.ok(result.ok);
  assert.deepEqual(result.members, { to: 'inner', id: 'outer', body: 1 });
});

test('no client sends a frame that is the server’s alone', () => {
  const reserved = Object.keys(FRAMES_OUT).filter((type) => !Object.hasOwn(FRAMES_IN, type));
  assert.ok(reserved.includes('auth_success') && reserved.includes('error'));
  for (const type of reserved) {
    assert.equal(fieldOf(JSON.stringify({ type, to: HASH, body: 'x' })), 'type', type);
    assert.equal(fieldOf(JSON.stringify({ type, payload: { to: HASH, body: 'x' } })), 'type', type);
  }
});

test('a type of the sender’s own has the members of relay', () => {
  for (const type of ['typing', 'x', '0_9', 'constructor', '__proto__', 'z'.repeat(32)]) {
    const members = { to: HASH, body: 'x' };
    assert.deepEqual(decode(JSON.stringify({ type, ...members })), { ok: true, known: null, type, members });
    assert.equal(fieldOf(JSON.stringify({ type, to: 'not an address' })), 'to');
  }
});

test('what is no type names the type', () => {
  for (const type of ['', 'Relay', 'relay ', 'a-b', 'z'.repeat(33), 'ä', 'a"b', 1, null, true, ['relay'], {}])
    assert.equal(fieldOf(JSON.stringify({ type, to: HASH, body: 'x' })), 'type', String(type));
  assert.equal(fieldOf('{}'), 'type');
});

test('a wrong or missing member is named by its path', () => {
  const faults: [object, string][] = [
    [{ type: 'auth' }, 'identity_hash'],
    [{ type: 'auth', identity_hash: HASH, nonce: true }, 'nonce'],
    [{ type: 'auth', identity_hash: HASH, identityKey: '' }, 'identityKey'],
    [{ type: 'relay', to: 'a b' }, 'to'],
    [{ type: 'relay', to: HASH, body: 1, id: '' }, 'id'],
    [{ type: 'ack', ids: [] }, 'ids'],
    [{ type: 'ack', ids: ['x'] }, 'ids.0'],
    [{ type: 'group_multicast', targets: [{ to: HASH, body: 1 }, { to: HASH }] }, 'targets.1.body'],
    [{ type: 'presence_update', status: 'x'.repeat(65) }, 'status'],
    [{ type: 'presence_update', status: '', to: [HASH, 'x'] }, 'to'],
    [{ type: 'relay', payload: [] }, 'payload'],
    [{ type: 'relay', payload: null }, 'payload'],
    [{ type: 'relay', payload: 'x' }, 'payload'],
  ];
  for (const [frame, field] of faults)
    assert.match(fieldOf(JSON.stringify(frame)), new RegExp(`^${field}(\\.|$)`), JSON.stringify(frame));
});

test('what is no JSON object is refused as a frame', () => {
  const frames = ['', ' ', '{', '{}{}', '[]', 'null', '1', '"x"', 'undefined', "{'type':'ping'}", '\ufeff{}'];
  for (const text of frames) assert.equal(fieldOf(text), 'frame', JSON.stringify(text));
});

test('any bytes at all give a frame or a refusal that names a field, never a throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200, size: 'max' }), (bytes) => {
      fieldOf(bytes);
    }),
  );
});

test('any JSON under any type gives a frame or a refusal that names a field', () => {
  const names = fc.constantFrom('type', 'payload', ...new Set(Object.values(FRAMES).flatMap(Object.keys)));
  const values = fc.oneof(fc.jsonValue(), fc.constantFrom(HASH, SEED, 'team:one', 42, true));
  const members = fc.dictionary(fc.oneof(names, fc.string()), values);
  const types = fc.oneof(fc.constantFrom(...Object.keys(FRAMES)), fc.string(), fc.jsonValue());
  fc.assert(
    fc.property(types, members, fc.boolean(), (type, given, wrapped) => {
      const text = JSON.stringify(wrapped ? { type, payload: given } : { ...given, type });
      const result = decode(text);
      if (!result.ok) fieldOf(text);
      else assert.ok(typeof type === 'string');
    }),
    { numRuns: 2_000 },
  );
});

test('members that objects inherit are members like any other', () => {
  const result = decode(`{"type":"relay","to":"${HASH}","body":{"__proto__":{"x":1}},"__proto__":{"id":1}}`);
  assert.ok(result.ok);
  assert.equal(
    JSON.stringify(result.members),
    `{"to":"${HASH}","body":{"__proto__":{"x":1}},"__proto__":{"id":1}}`,
  );
  assert.equal(fieldOf('{"type":"auth","__proto__":{"identity_hash":"x"}}'), 'identity_hash');
});

test('a frame nests 64 levels, counting itself, and not one more', () => {
  // The frame is the first level, so its body may have the rest.
  const frame = (levels: number) =>
    `{"type":"relay","to":"${HASH}","body":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
  assert.equal(decode(frame(MAX_DEPTH)).ok, true);
  assert.equal(fieldOf(frame(MAX_DEPTH + 1)), 'frame');
  assert.equal(fieldOf('['.repeat(60_000)), 'frame');
  assert.equal(fieldOf(`{"type":"relay","body":${'['.repeat(30_000)}${']'.repeat(30_000)}}`), 'frame');
});

test('an envelope knows the size that the frame had on the wire, padding included', () => {
  const envelope = parseEnvelope(Buffer.from(`{"type":"ping"}${' '.repeat(1_521)}`));
  assert.ok(envelope.ok);
  assert.equal(envelope.size, 1_536);
});

test('the client’s own id comes back only in the forms it may have', () => {
  const idOf = (id: unknown) => clientIdOf({ type: 'relay', members: { id }, size: 0 });
  for (const id of ['x', 'x'.repeat(128), 0, Number.MAX_SAFE_INTEGER]) assert.equal(idOf(id), id);
  for (const id of ['', 'x'.repeat(129), -1, 0.5, 2 ** 53, null, true, {}, undefined])
    assert.equal(idOf(id), undefined);
});
