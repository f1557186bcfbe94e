import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Database } from '../../../../platform/sql/database.js';
import { audit } from './audit.js';
import type { Bench, Place } from './bench.js';
import { connect } from './connect.js';
import { Desk, FULL_PAYOUT, newKey, newMiner } from './desk.js';
import { wipe } from './wipe.js';

/** What holds when several servers share one database. */
export function serverRules(bench: Bench): void {
  let databases: Database[] = [];
  let place: Place;
  before(async () => {
    place = await bench.place();
    // The first one makes the tables; the others find them.
    databases = await Promise.all(Array.from({ length: bench.servers }, () => connect(place)));
  });
  after(() => Promise.all(databases.map((database) => database.close())));
  let desks: Desk[] = [];
  beforeEach(async () => {
    await databases[0]?.write(wipe, null);
    desks = databases.map((database) => new Desk(database));
  });
  /** The same time again and again, on every server. */
  const everywhere = <T>(times: number, ask: (desk: Desk, index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(desks.flatMap((desk) => Array.from({ length: times }, (_, index) => ask(desk, index))));
  const full = async (): Promise<Desk> => {
    await everywhere(1, (desk) => desk.ensure(['CPU_HASH', 'CHAIN']));
    for (const desk of desks) desk.now += 100_000;
    const [desk] = desks;
    assert.ok(desk !== undefined);
    return desk;
  };

  test('servers that start at once open one round of each track', async () => {
    const desk = await full();
    assert.deepEqual(
      (await desk.state()).rounds.map(({ track }) => track),
      ['CHAIN', 'CPU_HASH'],
    );
    await audit(desk.db);
  });

  test('parallel requests of one miner to several servers give one lock', async () => {
    const desk = await full();
    for (let round = 0; round < bench.scaled(200); round++) {
      const miner = newMiner();
      const rounds = await everywhere(5, (desk) => desk.round(miner));
      assert.equal(new Set(rounds.map(({ id }) => id)).size, 1);
    }
    await audit(desk.db);
  });

  test('the bounds of locks hold across servers', async () => {
    const desk = await full();
    const [address, limits] = [newMiner(), { locks: 20, perAddress: 10 }];
    const answers = await everywhere(20, (desk) => desk.assign(newMiner(), { address, limits }));
    assert.equal(answers.filter(({ status }) => status === 'assigned').length, 10);
    await everywhere(20, (desk) => desk.assign(newMiner(), { limits }));
    assert.equal((await desk.state()).locks, 20);
    await audit(desk.db);
  });

  test('rounds are won, expired and assigned at once, and nobody is left with a round that is over', async () => {
    const desk = await full();
    const miners = Array.from({ length: 20 }, newMiner);
    for (let step = 0; step < bench.scaled(400); step++) {
      await everywhere(5, async (desk, index) => {
        const miner = miners[(step + index * 3) % miners.length] ?? newMiner();
        desk.now += 1_000;
        const { id } = await desk.round(miner);
        if (index < 3) await desk.settle(miner, id);
        else await desk.expire(['CPU_HASH', 'CHAIN'], 0);
      });
    }
    await audit(desk.db);
    for (const miner of miners) {
      const { id, track } = await desk.round(miner);
      assert.equal((await desk.lookup(miner, id, 'x', track)).status, 'open');
    }
  });

  test('100 parallel withdrawals of the whole balance at several servers pay once', async () => {
    const desk = await full();
    const [miner, key] = [newMiner(), newKey()];
    await desk.pay(miner);
    const plain = await everywhere(100 / bench.servers, (desk) => desk.withdraw(miner, FULL_PAYOUT));
    assert.equal(plain.filter(({ status }) => status === 'ok').length, 1);

    await desk.pay(miner);
    const { pending } = await desk.balance(miner);
    const keyed = await everywhere(25, (desk) => desk.withdraw(miner, pending, { key }));
    for (const answer of keyed) assert.deepEqual(answer, keyed[0]);
    assert.equal(keyed[0]?.status, 'ok');
    assert.equal((await desk.balance(miner)).pending, 0);
    await audit(desk.db);
  });

  test('a code is claimed by one of several servers', async () => {
    const desk = await full();
    const miner = newMiner();
    await desk.pay(miner);
    const now = desk.now;
    for (const other of desks) other.now = now;
    for (let round = 0; round < bench.scaled(200); round++) {
      const { status } = await desk.redeem(miner, 1_000);
      assert.equal(status, 'ok');
      const claims = await everywhere(3, (desk) => desk.claim());
      assert.equal(claims.flat().length, 1);
    }
    await audit(desk.db);
  });
}
