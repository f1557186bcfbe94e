import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { decodeFrame } from './decode.js';

const ID = '01890a5d-ac96-774b-bcce-b302099a8057';
const read = (frame: unknown) => decodeFrame(Buffer.from(JSON.stringify(frame)), false);
const send = (data: object) => ({
  type: 'e2ee.send',
  ref: 7,
  data: { recipientId: ID, ciphertext: 'AA==', ...data },
});

describe('frames of a socket', () => {
  test('each kind is read, in either spelling', () => {
    for (const frame of [
      { type: 'auth', data: { token: 't' } },
      send({ clientMessageId: 'm', meta: { some_thing: 1 } }),
      { type: 'e2ee.ack', ref: 'r', data: { ids: [ID] } },
      { type: 'e2ee.ack', data: { upTo: 3 } },
    ]) {
      assert.deepEqual(read(frame), { ok: true, frame });
    }
    const snake = { type: 'e2ee.ack', data: { up_to: 3 } };
    assert.deepEqual(read(snake), { ok: true, frame: { type: 'e2ee.ack', data: { upTo: 3 } } });
  });

  test('what is refused names its field and carries the ref, where that is one', () => {
    for (const [frame, field, ref] of [
      [{ type: 'e2ee.ack', ref: 5, data: { upTo: 'x' } }, 'upTo', 5],
      [{ type: 'no', ref: 'r', data: {} }, 'type', 'r'],
      [{ ref: 0 }, 'type', 0],
      [{ type: 'no', ref: 'x'.repeat(65) }, 'type', undefined],
      [{ type: 'no', ref: -1 }, 'type', undefined],
      [{ type: 'no', ref: 1.5 }, 'type', undefined],
      [{ type: 'no', ref: {} }, 'type', undefined],
      [{ type: 'e2ee.ack', ref: 1, data: { upTo: 1, up_to: 2 } }, 'upTo', 1],
    ] as const) {
      const decoded = read(frame);
      assert.ok(!decoded.ok);
      assert.equal(decoded.ref, ref);
      assert.equal(decoded.refusal.code, 'invalid_request');
      assert.equal(decoded.refusal.details.field, field);
    }
  });

  test('bytes, what is not JSON and what is not an object are refused as a frame', () => {
    const frames = ['', 'x', '{', '[]', 'null', '1', '"auth"', '[{"type":"auth"}]'].map((text) =>
      Buffer.from(text),
    );
    for (const data of [...frames, Buffer.from([0xff, 0xfe])]) {
      const decoded = decodeFrame(data, false);
      assert.ok(!decoded.ok);
      assert.deepEqual([decoded.refusal.details.field, decoded.ref], ['frame', undefined]);
    }
    assert.equal(decodeFrame(Buffer.from(JSON.stringify(send({}))), true).ok, false);
  });

  test('a frame that nests too deep is refused, however deep', () => {
    for (const depth of [100, 5_000, 200_000]) {
      const text = `{"type":"e2ee.send","data":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      assert.equal(decodeFrame(Buffer.from(text), false).ok, false);
    }
  });

  test('any JSON and any bytes are read or refused, and nothing throws', () => {
    const frame = fc.record(
      {
        type: fc.oneof(fc.constantFrom('auth', 'e2ee.send', 'e2ee.ack'), fc.jsonValue()),
        ref: fc.jsonValue(),
        data: fc.oneof(
          fc.jsonValue(),
          fc.record({ recipientId: fc.jsonValue(), ciphertext: fc.jsonValue(), meta: fc.jsonValue() }),
          fc.record({ ids: fc.jsonValue() }),
        ),
      },
      { requiredKeys: [] },
    );
    const data = fc.oneof(
      frame.map((value) => Buffer.from(JSON.stringify(value))),
      fc.json().map((text) => Buffer.from(text)),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(data, fc.boolean(), (data, binary) => {
        const decoded = decodeFrame(data, binary);
        if (!decoded.ok) assert.equal(typeof decoded.refusal.details.field, 'string');
      }),
      { numRuns: 1_000 },
    );
  });
});
