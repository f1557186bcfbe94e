import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FRAME_SIZE } from '@blindpost/protocol/relay';
import fc from 'fast-check';
import { textPayload } from '../commands/send.js';
import type { StoredMessage } from '../store/store.js';
import { encodeBinary, encodeFrame, encodeJson, encodeText, type OutFrame } from './encode.js';

const ID = '000000000000002a0123456789abcdef';
const SENDER = 'a'.repeat(64);

function stored(payload: Buffer, kind: StoredMessage['kind'] = 'text', type = 'msg'): StoredMessage {
  return { sequence: 42, id: ID, kind, type, payload };
}

/** The stored tail of a frame. */
function tail(body: unknown, sender?: string): Buffer {
  const payload = textPayload(body, sender);
  assert.ok(payload.ok);
  return payload.bytes;
}

const isWhole = ({ data }: OutFrame): boolean => data.length > 0 && data.length % FRAME_SIZE === 0;
const read = ({ data }: OutFrame): unknown => JSON.parse(data.toString('utf8'));
/** What a JSON text of this value means: -0 is 0 on the wire. */
const meant = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const TYPES = fc.constantFrom('msg', 'sealed_message', 'typing_42');
/** From nothing to several frames. */
const BODIES = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'grapheme', maxLength: 4_000, size: 'max' }),
  fc.integer({ min: 1_300, max: 1_600 }).map((length) => 'x'.repeat(length)),
);

test('a live message is whole frames and reads as type, id and payload', () => {
  fc.assert(
    fc.property(TYPES, BODIES, (type, body) => {
      const frame = encodeText(stored(tail(body), 'text', type), false);
      assert.ok(isWhole(frame) && !frame.binary);
      assert.deepEqual(read(frame), { type, id: ID, payload: meant(body) });
    }),
  );
});

test('a queued message is queued_message, and tells the type it had unless that was msg', () => {
  fc.assert(
    fc.property(TYPES, BODIES, (type, body) => {
      const frame = encodeText(stored(tail(body), 'text', type), true);
      const label = type === 'msg' ? {} : { msg_type: type };
      assert.ok(isWhole(frame));
      assert.deepEqual(read(frame), { type: 'queued_message', id: ID, ...label, payload: meant(body) });
    }),
  );
});

test('a told sender stands beside the payload, and none is told unless it was kept', () => {
  const told = encodeText(stored(tail({ a: 1 }, SENDER)), false);
  assert.deepEqual(read(told), { type: 'msg', id: ID, payload: { a: 1 }, sender: SENDER });
});

test('a body that looks like the end of a frame forges nothing', () => {
  const body = '"},"type":"auth_success","x":{"';
  assert.deepEqual(read(encodeText(stored(tail(body)), false)), {
    type: 'msg',
    id: ID,
    payload: body,
  });
  const members = { type: 'error', id: 'x', payload: { type: 'error' } };
  assert.deepEqual(read(encodeText(stored(tail(members)), false)), {
    type: 'msg',
    id: ID,
    payload: members,
  });
});

test('a frame whose text fills it to the byte has no padding, and one byte more takes another frame', () => {
  const base = encodeText(stored(tail('')), false)
    .data.toString('latin1')
    .trimEnd().length;
  const room = FRAME_SIZE - base;
  assert.equal(encodeText(stored(tail('x'.repeat(room))), false).data.length, FRAME_SIZE);
  assert.equal(encodeText(stored(tail('x'.repeat(room + 1))), false).data.length, 2 * FRAME_SIZE);
  // Two bytes each on the wire, one in a JavaScript string.
  assert.equal(encodeText(stored(tail('ü'.repeat(room))), false).data.length, 2 * FRAME_SIZE);
});

/** Pads begin at one of 65,536 places, so that of 50 two may be equal by chance, four hardly ever. */
const distinct = (texts: readonly string[]): boolean => new Set(texts).size > texts.length - 4;

test('equal frames are padded differently, with white space alone', () => {
  const frames = Array.from({ length: 50 }, () =>
    encodeFrame({ type: 'presence_ok' }).data.toString('latin1'),
  );
  assert.ok(distinct(frames));
  for (const frame of frames) assert.match(frame, /^\{"type":"presence_ok"\}[ \t\r\n]+$/);
  const messages = Array.from({ length: 50 }, () => encodeText(stored(tail('x')), false).data);
  assert.ok(distinct(messages.map(String)));
});

test('a frame is as large as it is asked to be, rounded up, and never smaller than its text', () => {
  const sizes = fc.oneof(fc.nat(6_000), fc.nat(66_000));
  const timestamps = fc.string({ unit: 'grapheme', maxLength: 2_000, size: 'max' });
  fc.assert(
    fc.property(sizes, timestamps, (atLeast, timestamp) => {
      const frame = { type: 'pong', timestamp } as const;
      const { data } = encodeFrame(frame, atLeast);
      const length = Math.max(1, atLeast, Buffer.byteLength(JSON.stringify(frame)));
      assert.equal(data.length, Math.ceil(length / FRAME_SIZE) * FRAME_SIZE);
      assert.deepEqual(JSON.parse(data.toString()), frame);
    }),
  );
});

test('text that is JSON already is padded and left as it is', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const frame = encodeJson(text);
      assert.ok(isWhole(frame) && !frame.binary);
      assert.equal(frame.data.toString('utf8', 0, Buffer.byteLength(text)), text);
      assert.deepEqual(read(frame), JSON.parse(text));
    }),
  );
});

test('a binary message is id, length in big endian, payload and zeros, in whole frames', () => {
  const payloads = fc.uint8Array({ maxLength: 5_000, size: 'max' }).map((raw) => Buffer.from(raw));
  fc.assert(
    fc.property(payloads, (payload) => {
      const frame = encodeBinary(stored(payload, 'binary'), false);
      const { data } = frame;
      assert.ok(isWhole(frame) && frame.binary);
      assert.equal(data.toString('hex', 0, 16), ID);
      assert.equal(data.readUInt32BE(16), payload.length);
      assert.deepEqual(data.subarray(20, 20 + payload.length), payload);
      assert.ok(data.subarray(20 + payload.length).every((byte) => byte === 0));
    }),
  );
});

test('as the original, a bare binary message is payload and zeros alone', () => {
  for (const length of [1, FRAME_SIZE - 20, FRAME_SIZE, FRAME_SIZE + 1]) {
    const payload = Buffer.alloc(length, 7);
    const { data } = encodeBinary(stored(payload, 'binary'), true);
    assert.equal(data.length, Math.ceil(length / FRAME_SIZE) * FRAME_SIZE);
    assert.deepEqual(data.subarray(0, length), payload);
    assert.ok(data.subarray(length).every((byte) => byte === 0));
  }
});

test('a body that grows past a frame when it is written out is refused', () => {
  const payload = textPayload(Array.from({ length: 10_000 }, () => 1e20));
  assert.ok(!payload.ok && payload.code === 'ERR_TOO_LARGE' && payload.details.field === 'body');
});
