/** Senders that write all the time, and what each of their sends came to. */
import assert from 'node:assert/strict';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { Envelope } from '@blindpost/protocol/e2ee';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import { member, shaped } from '../relay/answers.js';

/** Sends of one socket that are under way at a time. */
const WINDOW = 4;

/** One send, and its answer where one came before the connection broke. */
export interface Deed {
  readonly sender: E2eeWire;
  readonly to: string;
  readonly body: { recipientId: string; clientMessageId: string; ciphertext: string };
  answer: Envelope | null;
}

/** Settles once so many things have happened. */
export class Countdown {
  readonly done: Promise<void>;
  #settle: () => void = () => {};

  constructor(private left: number) {
    this.done = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  tick(): void {
    this.left -= 1;
    if (this.left <= 0) this.#settle();
  }
}

/** Writes to the recipients until the server is gone, or says that it goes; every answer counts down. */
export async function writeOverHttp(
  sender: E2eeWire,
  recipients: readonly E2eeWire[],
  count: Countdown,
  ending = false,
): Promise<Deed[]> {
  const deeds: Deed[] = [];
  for (;;) {
    const deed = makeDeed(sender, recipients);
    deeds.push(deed);
    try {
      const answer = await sender.send(deed.body);
      if (ending && answer.status === 503) return deeds;
      assert.equal(answer.status, 200, String(answer));
      deed.answer = shaped(Envelope, answer.json);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      return deeds;
    }
    count.tick();
  }
}

/** The same over a socket, several at a time. */
export async function writeOverSocket(
  sender: E2eeWire,
  recipients: readonly E2eeWire[],
  count: Countdown,
  ending = false,
): Promise<Deed[]> {
  const deeds: Deed[] = [];
  // The others are quick: the server may be gone before this one is there.
  const socket = await sender.listen().catch(() => null);
  if (socket === null) return deeds;
  await Promise.all(
    Array.from({ length: WINDOW }, async () => {
      while (await writeFrame(socket, deeds, makeDeed(sender, recipients), ending)) count.tick();
    }),
  );
  return deeds;
}

/** One send as a frame; false when the socket is gone. */
async function writeFrame(socket: WireSocket, deeds: Deed[], deed: Deed, ending: boolean): Promise<boolean> {
  if (!socket.open) return false;
  const ref = deeds.push(deed);
  socket.send({ type: 'e2ee.send', ref, data: deed.body });
  const frame = await socket.next((each) => each.ref === ref).catch(() => null);
  if (frame === null) return false;
  if (ending && frame.type === 'error' && member(frame.data, 'error') === 'unavailable') return false;
  assert.equal(frame.type, 'e2ee.sent', JSON.stringify(frame));
  deed.answer = shaped(Envelope, frame.data);
  return true;
}

function makeDeed(sender: E2eeWire, recipients: readonly E2eeWire[]): Deed {
  const to = recipients[randomInt(recipients.length)];
  assert.ok(to !== undefined);
  const ciphertext = randomBytes(randomInt(1, 400)).toString('base64');
  const body = { recipientId: to.id, clientMessageId: randomUUID(), ciphertext };
  return { sender, to: to.id, body, answer: null };
}

/**
 * The queue holds the sequences after `last` without a gap, no message of a client twice, and everything that
 * was answered as it was answered.
 */
export function assertKept(queue: readonly Envelope[], last: number, deeds: readonly Deed[]): void {
  assert.deepEqual(
    queue.map(({ sequence }) => sequence),
    queue.map((_, n) => last + 1 + n),
    'sequences follow on without a gap',
  );
  const bySender = queue.map(({ senderId, clientMessageId }) => `${senderId} ${clientMessageId}`);
  assert.equal(new Set(bySender).size, queue.length, 'no message of a client twice');
  const known = new Map(deeds.map((deed) => [deed.body.clientMessageId, deed]));
  for (const envelope of queue) {
    const deed = known.get(String(envelope.clientMessageId));
    assert.ok(deed !== undefined, 'nothing that nobody sent');
    assert.equal(envelope.ciphertext, deed.body.ciphertext);
    assert.equal(envelope.senderId, deed.sender.id);
  }
  const stored = new Map(queue.map((envelope) => [envelope.id, envelope]));
  for (const { answer } of deeds) {
    if (answer === null) continue;
    const kept = stored.get(answer.id);
    assert.ok(kept !== undefined, `answered and lost: ${answer.id}, sequence ${answer.sequence}`);
    assert.equal(kept.sequence, answer.sequence);
    assert.equal(kept.clientMessageId, answer.clientMessageId);
  }
}
