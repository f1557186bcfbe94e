import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { ManualClock } from '../../../platform/clock.manual.js';
import { createLog } from '../../../platform/log/log.js';
import type { Database } from '../../../platform/sql/database.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { connect } from '../store/contract/connect.js';
import { Desk, hex, newId } from '../store/contract/desk.js';
import { Eraser } from './eraser.js';

const MINUTE_MS = 60_000;

describe('the eraser', () => {
  let directory = '';
  let db: Database;
  let desk: Desk;
  let clock: ManualClock;
  let eraser: Eraser;
  before(async () => {
    directory = await temporaryDirectory('accounts-eraser');
    db = await connect({ DB_PATH: join(directory, 'accounts.db') });
  });
  after(async () => {
    await db.close();
    removeDirectory(directory);
  });
  beforeEach(() => {
    desk = new Desk(db);
    clock = new ManualClock(desk.now);
    eraser = new Eraser({ db, clock, log: createLog('silent') });
  });

  /** Waits for what the real database thread does meanwhile. */
  const eventually = async (ask: () => Promise<boolean>): Promise<void> => {
    for (const deadline = Date.now() + 10_000; !(await ask()); ) assert.ok(Date.now() < deadline);
  };

  test('an erasure is over when every hook is done', async () => {
    const erased: string[] = [];
    eraser.onDeleted(async (account) => void erased.push(`one ${hex(account)}`));
    eraser.onDeleted(async (account) => void erased.push(`two ${hex(account)}`));
    const account = await desk.account();
    await desk.delete(account);
    await eraser.erase(account);
    assert.deepEqual(erased, [`one ${hex(account)}`, `two ${hex(account)}`]);
    assert.deepEqual(await desk.erasures(), []);
  });

  test('one that failed is done later, and does not stand in the way of others', async () => {
    const [poor, other] = [await desk.account(), await desk.account()];
    let tries = 0;
    eraser.onDeleted(async (account) => {
      if (hex(account) === hex(poor) && ++tries < 3) throw new Unavailable('the other store');
    });
    for (const account of [poor, other]) await desk.delete(account);
    await assert.rejects(eraser.erase(poor), Unavailable);
    eraser.start();
    clock.advance(MINUTE_MS);
    await eventually(async () => (await desk.erasures()).join() === hex(poor));
    await eventually(async () => clock.timers > 0);
    clock.advance(MINUTE_MS);
    await eventually(async () => (await desk.erasures()).length === 0);
    await eraser.close();
    assert.equal(clock.timers, 0);
    assert.equal(tries, 3);
  });

  test('what has run out is swept', async () => {
    const token = newId();
    await desk.revokeToken(token, desk.now - 24 * 60 * MINUTE_MS);
    eraser.start();
    clock.advance(MINUTE_MS);
    await eventually(async () => !(await desk.standing(newId(), token)).revoked);
    await eraser.close();
  });
});
