/** What the answers of the e2ee service must look like. */
import assert from 'node:assert/strict';
import {
  AckAnswer,
  Bundle,
  Envelope,
  KeyStatus,
  PublicBundle,
  PushedEnvelope,
} from '@blindpost/protocol/e2ee';
import { dataOf, type E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import type { WireFrame, WireSocket } from '@blindpost/testbed/wire-socket';
import type { Static, TObject } from 'typebox';
import { assertRefused, shaped } from '../relay/answers.js';

export { assertRefused, member } from '../relay/answers.js';

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const TIMES = /(At|ExpiresAt)$/;

/** The value with all members of the schema and no other; times are UTC. */
export function exactly<const T extends TObject>(schema: T, value: unknown): Static<T> {
  const checked = shaped(schema, value);
  assert.deepEqual(Object.keys(Object(value)).sort(), Object.keys(schema.properties).sort());
  for (const [name, time] of Object.entries(Object(value))) {
    if (TIMES.test(name) && time !== null) assert.match(String(time), TIME, name);
  }
  return checked;
}

/** An answer of 200 with exactly the members of the schema. */
export function assertExactly<const T extends TObject>(answer: WireAnswer, schema: T): Static<T> {
  assert.equal(answer.status, 200, String(answer));
  return exactly(schema, answer.json);
}

export function assertEnvelope(answer: WireAnswer): Envelope {
  return assertExactly(answer, Envelope);
}

/** What a sender is told of its envelope, at any time. */
export function assertSent(answer: WireAnswer): Envelope {
  return assertUnseen(assertEnvelope(answer));
}

/** The envelope as its sender sees it. */
function assertUnseen(envelope: Envelope): Envelope {
  const { deliveryStatus, deliveredAt, ackedAt } = envelope;
  assert.deepEqual(
    { deliveryStatus, deliveredAt, ackedAt },
    { deliveryStatus: 0, deliveredAt: null, ackedAt: null },
  );
  return envelope;
}

export function assertBundle(answer: WireAnswer): Bundle {
  return assertExactly(answer, Bundle);
}
export function assertPublic(answer: WireAnswer): PublicBundle {
  return assertExactly(answer, PublicBundle);
}

/** A page of the queue: ascending, delivered by being returned, and whether there is more. */
export function assertPage(answer: WireAnswer): { envelopes: Envelope[]; more: boolean } {
  assert.equal(answer.status, 200, String(answer));
  const list: unknown = JSON.parse(answer.raw.toString());
  assert.ok(Array.isArray(list), String(answer));
  const envelopes = list.map((each) => exactly(Envelope, each));
  for (const [n, { sequence }] of envelopes.entries()) {
    assert.ok(n === 0 || sequence > (envelopes[n - 1]?.sequence ?? 0), 'ascending');
  }
  const more = answer.headers['x-has-more'];
  assert.ok(more === 'true' || more === 'false', `X-Has-More: ${more}`);
  return { envelopes, more: more === 'true' };
}

/** Everything that waits for the account, page by page. */
export async function waiting(wire: E2eeWire, take = 500): Promise<Envelope[]> {
  const all: Envelope[] = [];
  for (;;) {
    const last = all.at(-1)?.sequence ?? 0;
    const { envelopes, more } = assertPage(await wire.pending({ take, after: last }));
    all.push(...envelopes);
    if (!more) return all;
    // Large envelopes end a page early.
    assert.ok(envelopes.length > 0, 'a page before the last has something');
  }
}

/** How many this request acknowledged. */
export function assertAcked(answer: WireAnswer, count?: number): number {
  const { acknowledged } = assertExactly(answer, AckAnswer);
  if (count !== undefined) assert.equal(acknowledged, count, String(answer));
  return acknowledged;
}

/** One-time prekeys that are left. */
export async function stock(wire: E2eeWire): Promise<number> {
  return assertExactly(await wire.status(), KeyStatus).oneTimePreKeys;
}

/** The next envelope that is pushed. */
export async function pushed(socket: WireSocket): Promise<PushedEnvelope> {
  return exactly(PushedEnvelope, dataOf(await socket.next('e2ee.envelope')));
}

/** The sequences of all envelopes that were pushed so far. */
export function pushedSequences(socket: WireSocket): number[] {
  return socket.of('e2ee.envelope').map((frame) => exactly(PushedEnvelope, dataOf(frame)).sequence);
}

/** Everything the socket was sent before this has been handled; needs no more than the protocol. */
export async function settle(socket: WireSocket, ref = `settle-${Math.random()}`): Promise<void> {
  socket.send({ type: 'e2ee.ack', ref, data: { upTo: 0 } });
  await socket.next((frame) => frame.ref === ref);
}

/** A refusal as a frame, with the ref of the frame that it refuses. */
export function assertErrorFrame(
  frame: WireFrame,
  code: string,
  ref?: string | number,
  field?: string,
): void {
  assert.equal(frame.type, 'error', JSON.stringify(frame));
  const { error, message, details, ...more } = dataOf(frame);
  assert.equal(error, code, JSON.stringify(frame));
  assert.deepEqual(more, {});
  assert.ok(typeof message === 'string' && message.length > 0, 'a message for people');
  assert.ok(typeof details === 'object' && details !== null && !Array.isArray(details), 'details');
  if (field !== undefined) assert.equal(Reflect.get(details, 'field'), field, JSON.stringify(frame));
  assert.equal(frame.ref, ref, JSON.stringify(frame));
}

/** A refusal that says which item it is about. */
export function assertRefusedItem(answer: WireAnswer, status: number, code: string, item: number): void {
  assertRefused(answer, status, code);
  const named = JSON.stringify(answer.json.details);
  assert.match(named, new RegExp(`(^|\\D)${item}(\\D|$)`), `the error names item ${item}: ${answer}`);
}

/** 1…n. */
export function upTo(n: number): number[] {
  return Array.from({ length: n }, (_, index) => index + 1);
}
