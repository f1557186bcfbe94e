import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { WireFrame } from '@blindpost/testbed/wire-socket';
import { assertError } from './answers.js';
import { onEveryStore } from './stage.js';

const BINARY = '(binary)';

function bytesOf(frame: WireFrame): Buffer {
  assert.ok(Buffer.isBuffer(frame.data));
  return frame.data;
}

/** Takes a binary message apart and checks that nothing but zeros follow the payload. */
function unpack(frame: WireFrame): { id: string; payload: Buffer } {
  const bytes = bytesOf(frame);
  assert.equal(bytes.length % 1536, 0, `${bytes.length} bytes`);
  const end = 20 + bytes.readUInt32BE(16);
  assert.ok(end <= bytes.length && bytes.length - end < 1536, 'no more padding than needed');
  assert.ok(
    bytes.subarray(end).every((byte) => byte === 0),
    'padded by zeros',
  );
  return { id: bytes.toString('hex', 0, 16), payload: bytes.subarray(20, end) };
}

await onEveryStore('binary frames', (stage) => {
  test('the recipient gets id, length, payload and zeros to the frame size; the sender relay_success', async () => {
    const recipient = makeIdentity();
    const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
    for (const length of [1, 100, 1515, 1516, 1517, 3052, 60_000]) {
      const payload = randomBytes(length);
      from.sendRaw(Buffer.concat([Buffer.from(recipient.hash), payload]));
      assert.deepEqual(unpack(await to.next(BINARY)).payload, payload);
      const status = await from.next('relay_success');
      assert.deepEqual(status, { type: 'relay_success', target: recipient.hash, status: 'delivered' });
    }
  });

  test('it is queued and acked like text: the same id until then', async () => {
    const recipient = makeIdentity();
    const from = await stage.wire.login(makeIdentity());
    const payload = Buffer.from([0, 1, 2, 0, 255, 0]);
    from.sendRaw(Buffer.concat([Buffer.from(recipient.hash), payload]));
    assert.equal((await from.next('relay_success')).status, 'queued');
    const first = unpack(await (await stage.wire.login(recipient)).next(BINARY));
    const socket = await stage.wire.login(recipient);
    const second = unpack(await socket.next(BINARY));
    assert.deepEqual(second, first);
    assert.deepEqual(second.payload, payload);
    socket.send({ type: 'delivery_ack', ids: [first.id] });
    await socket.settle();
    const last = await stage.wire.login(recipient);
    await last.settle();
    assert.deepEqual(last.of(BINARY), []);
  });

  test('text and binary of one sender keep their order', async () => {
    const recipient = makeIdentity();
    const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
    for (let n = 0; n < 40; n += 1) {
      if (n % 2 === 0) from.send({ type: 'relay', to: recipient.hash, body: n });
      else from.sendRaw(Buffer.concat([Buffer.from(recipient.hash), Buffer.from([n])]));
    }
    for (let n = 0; n < 40; n += 1) {
      const frame = await to.next(({ type }) => type === 'msg' || type === BINARY);
      assert.equal(frame.type === 'msg' ? frame.payload : unpack(frame).payload[0], n);
    }
  });

  test('a header that is no lower-case hash is malformed and the socket stays', async () => {
    const from = await stage.wire.login(makeIdentity());
    const { hash } = makeIdentity();
    for (const head of ['', 'abc', hash.slice(1), `${hash.slice(1)}g`, 'A'.repeat(64), '\u0000'.repeat(64)]) {
      from.sendRaw(Buffer.from(head));
      assertError(await from.next('error'), 'ERR_MALFORMED');
    }
    await from.settle();
  });

  test('64 KiB pass, more closes 1009', async () => {
    const recipient = makeIdentity();
    const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
    from.sendRaw(Buffer.concat([Buffer.from(recipient.hash), Buffer.alloc(65_536 - 64, 7)]));
    assert.equal(unpack(await to.next(BINARY)).payload.length, 65_536 - 64);
    from.sendRaw(Buffer.concat([Buffer.from(recipient.hash), Buffer.alloc(65_537 - 64, 7)]));
    assert.equal((await from.closed()).code, 1009);
  });
});

await onEveryStore(
  'binary frames for existing clients',
  (stage) => {
    test('RELAY_COMPAT_BINARY gives the payload and zeros only', async () => {
      const recipient = makeIdentity();
      const [from, to] = await Promise.all([stage.wire.login(makeIdentity()), stage.wire.login(recipient)]);
      for (const length of [1, 1536, 1537]) {
        const payload = randomBytes(length);
        from.sendRaw(Buffer.concat([Buffer.from(recipient.hash), payload]));
        const bytes = bytesOf(await to.next(BINARY));
        assert.equal(bytes.length, Math.ceil(length / 1536) * 1536);
        assert.deepEqual(bytes.subarray(0, length), payload);
        assert.ok(bytes.subarray(length).every((byte) => byte === 0));
      }
    });
  },
  { env: { RELAY_COMPAT_BINARY: 'true' }, stores: ['memory'] },
);
