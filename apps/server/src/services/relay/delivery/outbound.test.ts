import assert from 'node:assert/strict';
import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, test } from 'node:test';
import { decode, type RecordedFrame } from '@blindpost/testbed/proxy-decode';
import fc from 'fast-check';
import { type WebSocket, WebSocketServer } from 'ws';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { encodeJson } from '../frames/encode.js';
import { CLOSE, Outbound } from './outbound.js';
import { Jitter } from './pacing.js';

const EPSILON = 1e-9;
const KIB = 1024;

/** The stream below a socket: keeps what is written and when, and takes it at once or not before `release`. */
class Wire extends Duplex {
  readonly writes: { at: number; bytes: Buffer }[] = [];
  holding = false;
  #held: (() => void) | null = null;

  constructor(private readonly clock: ManualClock) {
    super();
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, taken: () => void): void {
    this.writes.push({ at: this.clock.monotonic(), bytes });
    if (this.holding) this.#held = taken;
    else taken();
  }

  /** Takes everything that waits; what comes later is held again if `holding`. */
  async release(): Promise<void> {
    const { holding } = this;
    this.holding = false;
    this.#held?.();
    this.#held = null;
    await settled();
    this.holding = holding;
  }

  /** Frames in the order they were written, each with the time of its last byte. */
  get frames(): { at: number; frame: RecordedFrame }[] {
    const all = Buffer.concat(this.writes.map(({ bytes }) => bytes));
    const { frames, messages, rest } = decode(all);
    assert.equal(messages.length, 1, 'the upgrade');
    let end = all.length - rest.length - frames.reduce((sum, frame) => sum + sizeOf(frame), 0);
    return frames.map((frame) => {
      end += sizeOf(frame);
      return { at: this.#writtenAt(end), frame };
    });
  }

  #writtenAt(end: number): number {
    let passed = 0;
    const last = this.writes.find(({ bytes }) => {
      passed += bytes.length;
      return passed >= end;
    });
    return last?.at ?? Number.NaN;
  }
}

/** RFC 6455 section 5.2: 2 bytes, more for a length beyond 125 or 65,535; a server does not mask. */
const sizeOf = ({ payload: { length } }: RecordedFrame): number =>
  length + (length < 126 ? 2 : length < 65_536 ? 4 : 10);

/** Lets callbacks of the stream run. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A real server-side socket over a wire that the test holds, and what is sent to it. */
class Bench {
  readonly clock = new ManualClock();
  readonly wire = new Wire(this.clock);
  readonly socket: WebSocket;
  readonly outbound: Outbound;
  drains = 0;

  constructor() {
    const request = new IncomingMessage(new Socket());
    request.method = 'GET';
    request.headers.upgrade = 'websocket';
    request.headers['sec-websocket-key'] = 'dGhlIHNhbXBsZSBub25jZQ==';
    request.headers['sec-websocket-version'] = '13';
    const server = new WebSocketServer({ noServer: true, clientTracking: false, perMessageDeflate: false });
    let upgraded: WebSocket | undefined;
    server.handleUpgrade(request, this.wire, Buffer.alloc(0), (socket) => {
      upgraded = socket;
    });
    assert.ok(upgraded !== undefined);
    this.socket = upgraded;
    this.socket.on('error', () => undefined);
    const pacing = new Jitter(systemRandom);
    this.outbound = new Outbound(this.socket, this.wire, this.clock, pacing, () => {
      this.drains += 1;
    });
    benches.push(this);
  }

  /** Pushes a frame of 1536 bytes, or of as many KiB. */
  push(number: number, kib = 1.5): void {
    const text = JSON.stringify({ number, pad: '' });
    const frame = encodeJson(text.replace('""', `"${'x'.repeat(kib * KIB - text.length)}"`));
    assert.equal(frame.data.length, kib * KIB);
    this.outbound.push(frame);
  }

  /** Numbers of the data frames that were written. */
  get numbers(): number[] {
    return this.wire.frames.filter(({ frame }) => frame.opcode === 1).map(({ frame }) => numberOf(frame));
  }

  /** Code of the close frame, once one was written. */
  get closed(): number | undefined {
    const close = this.wire.frames.find(({ frame }) => frame.opcode === 8);
    return close?.frame.payload.readUInt16BE(0);
  }
}

const numberOf = (frame: RecordedFrame): number => JSON.parse(frame.payload.toString()).number;

const benches: Bench[] = [];
// `ws` waits for the peer's close with a timer of its own, which would keep the process.
afterEach(() => {
  for (const { socket } of benches.splice(0)) socket.terminate();
});

test('every frame leaves 10 to 50 ms after it was pushed, in order, and is whole frames of text', () => {
  const gaps = fc.array(fc.oneof(fc.constant(0), fc.nat(60)), { minLength: 1, maxLength: 60, size: 'max' });
  fc.assert(
    fc.property(gaps, (pauses) => {
      const bench = new Bench();
      const pushed = pauses.map((pause, number) => {
        bench.clock.advance(pause);
        bench.push(number);
        return bench.clock.monotonic();
      });
      bench.clock.advance(50);
      const { frames } = bench.wire;
      assert.deepEqual(bench.numbers, [...pushed.keys()]);
      for (const [number, { at, frame }] of frames.entries()) {
        const delay = at - (pushed[number] ?? Number.NaN);
        assert.ok(delay >= 10 - EPSILON && delay <= 50 + EPSILON, `${delay} ms`);
        assert.equal(frame.payload.length, 1536);
        assert.equal(frame.rsv1, false);
      }
      assert.equal(bench.clock.timers, 0);
    }),
  );
});

test('text stays text and binary stays binary', () => {
  const bench = new Bench();
  bench.push(1);
  bench.outbound.push({ data: Buffer.alloc(1536), binary: true });
  bench.clock.advance(50);
  assert.deepEqual(
    bench.wire.frames.map(({ frame }) => frame.opcode),
    [1, 2],
  );
});

test('finishing sends what is queued at its own time, then closes with the code; nothing follows', () => {
  const bench = new Bench();
  bench.push(1);
  bench.push(2);
  bench.outbound.finish(CLOSE.policy, 'burned', encodeJson('{"number":3}'));
  bench.push(4);
  bench.outbound.finish(CLOSE.shutdown, 'too late', encodeJson('{"number":5}'));
  bench.clock.advance(9);
  assert.equal(bench.wire.frames.length, 0);
  bench.clock.advance(1_000);
  assert.deepEqual(bench.numbers, [1, 2, 3]);
  assert.equal(bench.closed, 1008);
  assert.equal(bench.wire.frames.at(-1)?.frame.opcode, 8);
  bench.push(6);
  bench.clock.advance(1_000);
  assert.equal(bench.wire.frames.length, 4);
  assert.equal(bench.clock.timers, 0);
});

test('finishing with nothing queued closes at once', () => {
  const bench = new Bench();
  bench.outbound.finish(CLOSE.shutdown, 'server shuts down');
  assert.equal(bench.closed, 1001);
});

test('the backlog counts every byte until the peer has taken it', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  bench.push(1);
  assert.equal(bench.outbound.backlog, 1536);
  bench.clock.advance(50);
  assert.ok(bench.outbound.backlog >= 1536, 'written, not taken');
  await bench.wire.release();
  assert.equal(bench.outbound.backlog, 0);
});

test('beyond 256 KiB it is full; when the peer has taken them it tells so once per flush', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  for (let number = 0; number < 4; number++) bench.push(number, 63);
  assert.equal(bench.outbound.full, false);
  bench.push(4, 63);
  assert.equal(bench.outbound.full, true);
  bench.clock.advance(50);
  await settled();
  assert.equal(bench.drains, 0);
  await bench.wire.release();
  assert.equal(bench.outbound.full, false);
  assert.equal(bench.drains, 1);
});

test('a flush that is taken while more than 256 KiB still wait tells nothing yet', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  for (let number = 0; number < 5; number++) bench.push(number, 63);
  bench.clock.advance(50);
  for (let number = 5; number < 10; number++) bench.push(number, 63);
  await bench.wire.release();
  assert.equal(bench.numbers.length, 5);
  assert.equal(bench.drains, 0);
  bench.clock.advance(50);
  await bench.wire.release();
  assert.equal(bench.numbers.length, 10);
  assert.equal(bench.drains, 1);
});

test('a frame that would lift the backlog over 1 MiB cuts the peer off with 1013, and no memory stays', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  bench.push(0, 60);
  bench.clock.advance(50);
  for (let number = 1; bench.socket.readyState === bench.socket.OPEN; number++) {
    assert.ok(bench.outbound.backlog <= KIB * KIB);
    assert.ok(number < 20);
    bench.push(number, 63);
  }
  assert.ok(bench.outbound.backlog <= 128 * KIB, 'only what the socket already had');
  bench.push(99);
  bench.clock.advance(100);
  await bench.wire.release();
  assert.deepEqual(bench.numbers, [0]);
  assert.equal(bench.closed, 1013);
  assert.equal(bench.clock.timers, 0);
});

test('a peer that takes nothing for 10 s is cut off with 1013, and not before', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  bench.push(1);
  bench.clock.advance(50);
  const written = bench.wire.writes.at(-1)?.at ?? Number.NaN;
  bench.clock.advance(written + 9_999 - bench.clock.monotonic());
  assert.equal(bench.socket.readyState, bench.socket.OPEN);
  bench.clock.advance(1 + EPSILON);
  assert.equal(bench.socket.readyState, bench.socket.CLOSING);
  await bench.wire.release();
  assert.equal(bench.closed, 1013);
});

test('a slow peer that takes a frame now and then stays', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  for (let number = 0; number < 20; number++) {
    bench.push(number);
    bench.clock.advance(9_000);
    await bench.wire.release();
  }
  assert.equal(bench.socket.readyState, bench.socket.OPEN);
  assert.equal(bench.numbers.length, 20);
});

test('an idle peer is not a stalled one', async () => {
  const bench = new Bench();
  bench.push(1);
  bench.clock.advance(50);
  await settled();
  bench.clock.advance(3_600_000);
  assert.equal(bench.socket.readyState, bench.socket.OPEN);
  assert.equal(bench.clock.timers, 0);
});

test('disposed, it leaves no timer and sends nothing more', async () => {
  const bench = new Bench();
  bench.wire.holding = true;
  bench.push(1);
  bench.clock.advance(50);
  bench.push(2);
  assert.equal(bench.clock.timers, 2, 'the next flush and the watch for a stall');
  bench.outbound.dispose();
  assert.equal(bench.clock.timers, 0);
  await bench.wire.release();
  bench.clock.advance(60_000);
  assert.deepEqual(bench.numbers, [1]);
});

test('a socket that is gone ends everything: late pushes throw nothing, stay nowhere and leave no timer', async () => {
  const bench = new Bench();
  bench.push(1);
  bench.socket.terminate();
  bench.clock.advance(50);
  bench.push(2);
  bench.outbound.finish(CLOSE.shutdown, 'gone');
  bench.clock.advance(50);
  await settled();
  assert.equal(bench.outbound.backlog, 0);
  assert.equal(bench.clock.timers, 0);
  assert.deepEqual(bench.numbers, []);
});
