/** What people do at the e2ee service, where a test asks for what comes of it and nothing else. */
import assert from 'node:assert/strict';
import { Envelope } from '@blindpost/protocol/e2ee';
import type { E2eeSend, E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireFrame, WireSocket } from '@blindpost/testbed/wire-socket';
import { assertOk } from '../relay/answers.js';
import { assertPage } from './answers.js';
import { message } from './messages.js';

/** A send that must be answered with 200. */
export async function sent(wire: E2eeWire, to: string, more: Partial<E2eeSend> = {}): Promise<Envelope> {
  return assertOk(await wire.send(message(to, more)), Envelope);
}

/** A send as a frame, and what answers it. */
export async function sendFrame(socket: WireSocket, ref: string | number, data: object): Promise<WireFrame> {
  socket.send({ type: 'e2ee.send', ref, data });
  return socket.next((frame) => frame.ref === ref);
}

/** Acknowledges whatever waits. */
export async function ackEverything(wire: E2eeWire): Promise<void> {
  const answer = await wire.ackAll({ upTo: Number.MAX_SAFE_INTEGER });
  assert.equal(answer.status, 200, String(answer));
}

/** Everything that waits, in pages as large as the server makes them; for envelopes of a size. */
export async function largeQueue(wire: E2eeWire): Promise<Envelope[]> {
  const queue: Envelope[] = [];
  for (;;) {
    const answer = await wire.pending({ take: 50, after: queue.at(-1)?.sequence ?? 0 });
    const { envelopes, more } = assertPage(answer);
    queue.push(...envelopes);
    if (!more) return queue;
    assert.ok(envelopes.length > 0, 'a page before the last has something');
  }
}

/** What must be there. */
export function given<T>(value: T | undefined | null): T {
  assert.ok(value !== undefined && value !== null, 'a value');
  return value;
}

/** The token of who has one. */
export function tokenOf(wire: E2eeWire): string {
  return given(wire.who.token);
}
