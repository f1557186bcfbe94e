import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { ManualClock } from '../../../platform/clock.manual.js';
import { createLog } from '../../../platform/log/log.js';
import type { Database } from '../../../platform/sql/database.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { orderedPair } from '../rules/pair.js';
import { connect } from '../store/contract/connect.js';
import { DAY_MS, Desk, newId } from '../store/contract/desk.js';
import { ensureSession } from '../store/ensure-session.js';
import { Sweeper } from './sweeper.js';

const INTERVAL_MS = 10_000;

/** The database, which a test may have fail or wait, and how often it was written to. */
class Door implements Database {
  writes = 0;
  fault: Error | null = null;
  gate: Promise<unknown> = Promise.resolve();

  constructor(private readonly db: Database) {}

  write: Database['write'] = async (command, input) => {
    this.writes += 1;
    await this.gate;
    if (this.fault !== null) throw this.fault;
    return this.db.write(command, input);
  };
  read: Database['read'] = (query, input) => this.db.read(query, input);
  healthy = (): boolean => this.db.healthy();
  close = (): Promise<void> => this.db.close();
}

describe('the sweeper', () => {
  let directory = '';
  let db: Database;
  let desk: Desk;
  let door: Door;
  let clock: ManualClock;
  let sweeper: Sweeper;

  before(async () => {
    directory = await temporaryDirectory('e2ee-sweeper');
    db = await connect({ DB_PATH: join(directory, 'e2ee.db') });
  });
  after(async () => {
    await db.close();
    removeDirectory(directory);
  });
  beforeEach(() => {
    desk = new Desk(db);
    door = new Door(db);
    clock = new ManualClock(desk.now);
    sweeper = new Sweeper({ db: door, clock, log: createLog('silent') });
  });
  afterEach(() => sweeper.close());

  /** Moves time on and lets the round that falls due come to its end. */
  const pass = async (ms: number): Promise<void> => {
    clock.advance(ms);
    // A round whose timer has gone off has begun; it sets the next timer when it is over.
    while (clock.timers === 0) await new Promise((resolve) => setImmediate(resolve));
  };
  const pair = async (): Promise<[Uint8Array, Uint8Array]> => [await desk.account(), await desk.account()];
  const stored = async (account: Uint8Array): Promise<number[]> => {
    const queue = await desk.queue(account);
    const { envelopes } = await desk.books();
    return envelopes.filter((row) => row.queue === queue).map(({ sequence }) => sequence);
  };

  test('what was acknowledged is gone after 24 h, within the next 10 s, and not before', async () => {
    const [recipient, sender] = await pair();
    await desk.fill(recipient, sender, 3);
    await desk.ackUpTo(recipient, 2);
    sweeper.start();
    await pass(INTERVAL_MS);
    await pass(DAY_MS - 2 * INTERVAL_MS - 1);
    await pass(INTERVAL_MS);
    assert.equal(clock.now(), desk.now + DAY_MS - 1);
    assert.deepEqual(await stored(recipient), [1, 2, 3]);
    await pass(INTERVAL_MS);
    assert.deepEqual(await stored(recipient), [3]);
    await pass(400 * DAY_MS);
    assert.deepEqual(await stored(recipient), [3], 'what waits is nobody’s to sweep');
  });

  test('what has expired is gone within 10 s', async () => {
    const [recipient, sender] = await pair();
    await desk.fill(recipient, sender, 2, { expiresAt: desk.now + INTERVAL_MS });
    await desk.fill(recipient, sender, 1, { expiresAt: desk.now + INTERVAL_MS + 1 });
    sweeper.start();
    await pass(INTERVAL_MS);
    assert.deepEqual(await stored(recipient), [3]);
    await pass(INTERVAL_MS);
    assert.deepEqual(await stored(recipient), []);
  });

  test('a session is gone after 90 idle days, within the next 10 s, and not before', async () => {
    const [one, other] = [newId(), newId()];
    const { id } = await db.write(ensureSession, {
      ...{ ...orderedPair(one, other), id: newId(), initiatedBy: one, hint: null, meta: null, now: desk.now },
    });
    const there = async () => (await desk.books()).sessions.some((row) => `${row.id}` === `${id}`);
    sweeper.start();
    await pass(INTERVAL_MS);
    await pass(90 * DAY_MS - 2 * INTERVAL_MS - 1);
    await pass(INTERVAL_MS);
    assert.equal(clock.now(), desk.now + 90 * DAY_MS - 1);
    assert.equal(await there(), true);
    await pass(INTERVAL_MS);
    assert.equal(await there(), false);
  });

  test('one round deletes all that is due, a bounded part in each transaction', async () => {
    const [recipient, sender] = await pair();
    await desk.fill(recipient, sender, 1_200, { expiresAt: desk.now + 1 });
    clock.advance(1);
    await sweeper.run();
    assert.deepEqual(await stored(recipient), []);
    assert.ok(door.writes >= 3, `${door.writes} transactions`);
  });

  test('it finishes what an erasure began', async () => {
    const [gone, sender] = await pair();
    await desk.fill(gone, sender, 1_200);
    const { queue } = await desk.pending(gone);
    await desk.erase(gone);
    await sweeper.run();
    const { envelopes, queues } = await desk.books();
    assert.equal(
      envelopes.some((row) => row.queue === queue),
      false,
    );
    assert.equal(
      queues.some(({ id }) => id === queue),
      false,
    );
  });

  test('a round that fails is made up for by the next', async () => {
    const [recipient, sender] = await pair();
    await desk.fill(recipient, sender, 1, { expiresAt: desk.now + 1 });
    door.fault = new Unavailable('the database');
    sweeper.start();
    await pass(INTERVAL_MS);
    assert.deepEqual(await stored(recipient), [1]);
    door.fault = null;
    await pass(INTERVAL_MS);
    assert.deepEqual(await stored(recipient), []);
  });

  test('two rounds at once are one', async () => {
    const [first, second] = [sweeper.run(), sweeper.run()];
    await Promise.all([first, second]);
    const once = door.writes;
    await sweeper.run();
    assert.equal(door.writes, 2 * once);
  });

  test('closing waits for the transaction under way, begins no other and holds no timer', async () => {
    const [recipient, sender] = await pair();
    await desk.fill(recipient, sender, 1_200, { expiresAt: desk.now + 1 });
    let open: (value: null) => void = () => undefined;
    door.gate = new Promise((resolve) => {
      open = resolve;
    });
    sweeper.start();
    clock.advance(INTERVAL_MS);
    let closed = false;
    const closing = sweeper.close().then(() => {
      closed = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(closed, false);
    open(null);
    await closing;
    assert.equal(door.writes, 1);
    assert.equal((await stored(recipient)).length, 700);
    sweeper.start();
    assert.equal(clock.timers, 0);
  });
});
