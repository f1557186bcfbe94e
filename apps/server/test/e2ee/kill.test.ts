/** Rule 10, by violence: senders, readers and claimers are all at work when the server is killed. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, test } from 'node:test';
import { AckAnswer, Envelope, PublicBundle } from '@blindpost/protocol/e2ee';
import { makeE2eeUpload, makePreKeys } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireSocket } from '@blindpost/testbed/wire-socket';
import { assertOk, member, shaped } from '../relay/answers.js';
import { stock, waiting } from './answers.js';
import { assertKept, Countdown, type Deed, writeOverHttp, writeOverSocket } from './load.js';
import { ackEverything, given, sent } from './people.js';
import { onEveryStage, SCALE, type Stage } from './stage.js';

const ROUNDS = Math.max(4, Math.round(50 * SCALE));
const SENDERS = 16;
const RECIPIENTS = 3;
const CLAIMERS = 8;
/** To be acknowledged by each reader in a round. */
const UNREAD = 60;
const STOCK = 100;
/** Every limit that a load of this size would meet. */
const UNLIMITED = { E2EE_LIMIT_QUEUE: '0', E2EE_LIMIT_CLAIMS: '0', E2EE_LIMIT_CLAIMS_PER_PEER: '0' };

/** Kills the server once `count` has run down, and starts it again on its data. */
async function killAfter(stage: Stage, count: Countdown): Promise<void> {
  await count.done;
  await new Promise((resolve) => setTimeout(resolve, randomInt(10)));
  await stage.restart('kill');
}

/** What some do until the server is gone, and what must be true of it when it is back. */
abstract class Trial {
  constructor(protected readonly stage: Stage) {}

  /** Whatever the kill must not interrupt. */
  abstract prepare(): Promise<void>;
  /** Goes on until the connection breaks or there is no more to do; every answer counts down. */
  abstract work(count: Countdown): Promise<void>;
  /** Looks at the server that was started again. */
  abstract check(): Promise<void>;

  protected again(people: readonly E2eeWire[]): E2eeWire[] {
    return people.map((person) => this.stage.again(person));
  }
}

/** What was answered is kept, once, and no sequence repeats. */
class Sends extends Trial {
  /** Sends that the kills left without an answer. */
  lost = 0;
  #senders: E2eeWire[] = [];
  #recipients: E2eeWire[] = [];
  #watching: WireSocket | undefined;
  #deeds: Deed[] = [];
  readonly #last = new Map<string, number>();

  async prepare(): Promise<void> {
    if (this.#senders.length === 0) {
      this.#senders = await this.stage.accounts(SENDERS);
      this.#recipients = await this.stage.accounts(RECIPIENTS);
    }
    this.#watching = await given(this.#recipients[0]).listen();
  }

  async work(count: Countdown): Promise<void> {
    const recipients = this.#recipients;
    const writing = this.#senders.map((sender, n) =>
      n % 2 === 0 ? writeOverHttp(sender, recipients, count) : writeOverSocket(sender, recipients, count),
    );
    this.#deeds = (await Promise.all(writing)).flat();
  }

  async check(): Promise<void> {
    this.#senders = this.again(this.#senders);
    this.#recipients = this.again(this.#recipients);
    const deeds = this.#deeds;
    const unanswered = deeds.filter(({ answer }) => answer === null);
    this.lost += unanswered.length;
    // Some come again under their id, and so do some that were answered; the others stay unknown.
    const repeated = [
      ...unanswered.filter(() => randomInt(2) === 0),
      ...deeds.filter(({ answer }) => answer !== null && randomInt(20) === 0),
    ];
    await Promise.all(
      repeated.map(async (deed) => {
        const sender = given(this.#senders.find(({ id }) => id === deed.sender.id));
        const envelope = assertOk(await sender.send(deed.body), Envelope);
        if (deed.answer !== null) assert.deepEqual(envelope, deed.answer);
        deed.answer = envelope;
      }),
    );
    for (const recipient of this.#recipients) await this.#checkQueue(recipient);
  }

  async #checkQueue(recipient: E2eeWire): Promise<void> {
    const queue = await waiting(recipient);
    const seen = this.#last.get(recipient.id) ?? 0;
    const theirs = this.#deeds.filter(({ to }) => to === recipient.id);
    assertKept(queue, seen, theirs);
    if (recipient.id === given(this.#recipients[0]).id) {
      // What a socket was shown is what the queue holds: nothing was pushed that was not yet on disk.
      for (const { data } of given(this.#watching).of('e2ee.envelope')) {
        const place = Number(member(data, 'sequence')) - seen - 1;
        assert.equal(queue[place]?.id, member(data, 'id'));
      }
    }
    const end = queue.at(-1)?.sequence ?? seen;
    await recipient.ackAll({ upTo: end });
    assert.deepEqual(await waiting(recipient), []);
    this.#last.set(recipient.id, end);
  }
}

/** What was answered as acknowledged stays so, and nothing else is acknowledged. */
class Acks extends Trial {
  #author: E2eeWire | undefined;
  #readers: E2eeWire[] = [];
  #socket: WireSocket | undefined;
  #queues = new Map<string, Envelope[]>();
  #asked = new Set<string>();
  /** By id: when, where the answer tells it. */
  #acked = new Map<string, string | null>();

  async prepare(): Promise<void> {
    this.#author = this.#author === undefined ? await this.stage.account() : this.stage.again(this.#author);
    if (this.#readers.length === 0) this.#readers = await this.stage.accounts(RECIPIENTS);
    [this.#asked, this.#acked] = [new Set(), new Map()];
    const author = this.#author;
    for (const reader of this.#readers) {
      await Promise.all(Array.from({ length: UNREAD }, () => sent(author, reader.id)));
      this.#queues.set(reader.id, await waiting(reader));
    }
    this.#socket = await given(this.#readers[2]).listen();
  }

  async work(count: Countdown): Promise<void> {
    await Promise.all([this.#ackSingly(count), this.#ackInPairs(count), this.#ackByFrames(count)]);
  }

  async #ackSingly(count: Countdown): Promise<void> {
    const reader = given(this.#readers[0]);
    for (const { id } of this.#queueOf(reader)) {
      this.#asked.add(id);
      const answer = await reader.ack(id).catch(() => null);
      if (answer === null) return;
      this.#acked.set(id, assertOk(answer, Envelope).ackedAt);
      count.tick();
    }
  }

  async #ackInPairs(count: Countdown): Promise<void> {
    const reader = given(this.#readers[1]);
    const ids = this.#queueOf(reader).map(({ id }) => id);
    for (let n = 0; n < ids.length; n += 2) {
      const pair = ids.slice(n, n + 2);
      for (const id of pair) this.#asked.add(id);
      const answer = await reader.ackAll({ ids: pair }).catch(() => null);
      if (answer === null) return;
      assert.deepEqual(assertOk(answer, AckAnswer), { acknowledged: pair.length });
      for (const id of pair) this.#acked.set(id, null);
      count.tick();
    }
  }

  async #ackByFrames(count: Countdown): Promise<void> {
    const socket = given(this.#socket);
    for (const { id, sequence } of this.#queueOf(given(this.#readers[2]))) {
      this.#asked.add(id);
      if (!socket.open) return;
      socket.send({ type: 'e2ee.ack', ref: sequence, data: { upTo: sequence } });
      const frame = await socket.next(({ ref }) => ref === sequence).catch(() => null);
      if (frame === null) return;
      assert.deepEqual(shaped(AckAnswer, frame.data), { acknowledged: 1 });
      this.#acked.set(id, null);
      count.tick();
    }
  }

  async check(): Promise<void> {
    this.#readers = this.again(this.#readers);
    for (const reader of this.#readers) {
      const left = (await waiting(reader)).map(({ id }) => id);
      for (const id of left) assert.equal(this.#acked.has(id), false, 'acknowledged, and pending again');
      for (const { id } of this.#queueOf(reader)) {
        if (!this.#asked.has(id)) assert.ok(left.includes(id), 'gone, and nobody acknowledged it');
      }
    }
    for (const [id, at] of this.#acked) {
      if (at === null) continue;
      const { ackedAt, deliveryStatus } = assertOk(await given(this.#readers[0]).ack(id), Envelope);
      assert.deepEqual({ ackedAt, deliveryStatus }, { ackedAt: at, deliveryStatus: 2 });
    }
    for (const reader of this.#readers) await ackEverything(reader);
  }

  #queueOf(reader: E2eeWire): Envelope[] {
    return given(this.#queues.get(reader.id));
  }
}

/** No one-time prekey is handed out twice. */
class Claims extends Trial {
  #owner: E2eeWire | undefined;
  #claimers: E2eeWire[] = [];
  #kills = 0;
  readonly #bundle = makeE2eeUpload();
  readonly #handedOut = new Set<number>();
  readonly #uploaded = new Map<number, string>();

  async prepare(): Promise<void> {
    this.#owner ??= await this.stage.account();
    if (this.#claimers.length === 0) this.#claimers = await this.stage.accounts(CLAIMERS);
    const left = this.#uploaded.size === 0 ? 0 : await stock(this.#owner);
    const fresh = makePreKeys(STOCK - left, 1 + this.#uploaded.size);
    for (const { keyId, publicKey } of fresh) this.#uploaded.set(keyId, publicKey);
    const answer = await this.#owner.upload({ ...this.#bundle, oneTimePreKeys: fresh });
    assert.equal(answer.status, 200, String(answer));
  }

  async work(count: Countdown): Promise<void> {
    await Promise.all(
      this.#claimers.map(async (claimer) => {
        while ((await this.#claim(claimer)) === 'key') count.tick();
      }),
    );
  }

  async check(): Promise<void> {
    this.#kills += 1;
    this.#owner = this.stage.again(given(this.#owner));
    this.#claimers = this.again(this.#claimers);
  }

  /** What is left comes out once each, and only what was under way at a kill is missing. */
  async checkTheRest(): Promise<void> {
    await this.work(new Countdown(0));
    const missing = this.#uploaded.size - this.#handedOut.size;
    assert.ok(missing <= CLAIMERS * this.#kills, `${missing} of ${this.#uploaded.size} came to nobody`);
    assert.equal(await stock(given(this.#owner)), 0);
  }

  async #claim(claimer: E2eeWire): Promise<'key' | 'none' | 'broken'> {
    const answer = await claimer.claim(given(this.#owner).id).catch(() => null);
    if (answer === null) return 'broken';
    const key = assertOk(answer, PublicBundle).oneTimePreKey;
    if (key === null) return 'none';
    assert.equal(this.#handedOut.has(key.keyId), false, `prekey ${key.keyId} twice`);
    assert.equal(this.#uploaded.get(key.keyId), key.publicKey, 'one of those that were uploaded');
    this.#handedOut.add(key.keyId);
    return 'key';
  }
}

await onEveryStage(
  'kill -9',
  (stage) => {
    let sends: Sends;
    let acks: Acks;
    let claims: Claims;
    /** What each round found wrong, by trial: one kill is the test of all three. */
    const faults = new Map<Trial, unknown[]>();

    before(async () => {
      [sends, acks, claims] = [new Sends(stage), new Acks(stage), new Claims(stage)];
      const trials = [sends, acks, claims];
      for (const trial of trials) faults.set(trial, []);
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const trial of trials) await trial.prepare();
        const count = new Countdown(randomInt(1, 500));
        const working = trials.map((trial) => noting(trial, trial.work(count)));
        await Promise.all([...working, killAfter(stage, count)]);
        for (const trial of trials) await noting(trial, trial.check());
      }
    });

    const noting = (trial: Trial, part: Promise<void>): Promise<void> =>
      part.catch((fault: unknown) => void faults.get(trial)?.push(fault));
    const assertFaultless = (trial: Trial): void => {
      for (const fault of faults.get(trial) ?? []) throw fault;
    };

    test(`${ROUNDS} kills during sends: what was answered is kept, once, and no sequence repeats`, () => {
      assertFaultless(sends);
      assert.ok(sends.lost > 0, 'some kills came between a send and its answer');
    });

    test(`${ROUNDS} kills during acks: what was answered as acknowledged stays so`, () => {
      assertFaultless(acks);
    });

    test(`${ROUNDS} kills during claims: no one-time prekey is handed out twice`, async () => {
      assertFaultless(claims);
      await claims.checkTheRest();
    });
  },
  { env: UNLIMITED },
);
