import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit } from './audit.js';
import type { Bench } from './bench.js';
import { connect } from './connect.js';
import { Desk, newMiner } from './desk.js';

export function lockRules(bench: Bench): void {
  const open = () => bench.database();

  test('a miner gets the same round again, with the time it first got it, while the round is open', async () => {
    const desk = await Desk.open(await open(), ['CPU_HASH', 'CHAIN']);
    const miner = newMiner();
    const first = await desk.round(miner);
    for (const draw of [0, 0.3, 0.6, 0.999]) {
      desk.now += 1_000;
      assert.deepEqual(await desk.assign(miner, { draw }), { status: 'assigned', round: first });
    }
    await desk.settle(miner, first.id);
    assert.notEqual((await desk.round(miner)).id, first.id);
    await audit(desk.db);
  });

  test('parallel requests of one miner give one lock', async () => {
    const desk = await Desk.open(await open(), ['CPU_HASH', 'CHAIN']);
    for (let round = 0; round < bench.scaled(100); round++) {
      const miner = newMiner();
      const answers = await Promise.all(Array.from({ length: 20 }, () => desk.round(miner)));
      assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
    }
    assert.equal((await desk.state()).locks, bench.scaled(100));
    await audit(desk.db);
  });

  test('a draw decides the track by its weight; a track without weight is not assigned', async () => {
    const desk = await Desk.open(await open(), ['CPU_HASH', 'CHAIN']);
    const assign = async (draw: number, weights: Record<string, number>) => {
      const answer = await desk.assign(newMiner(), { draw, weights });
      return answer.status === 'assigned' ? answer.round.track : answer.status;
    };
    const tracks = await Promise.all(
      Array.from({ length: 40 }, (_, step) => assign((step + 0.5) / 40, { CPU_HASH: 3, CHAIN: 1 })),
    );
    assert.equal(tracks.filter((track) => track === 'CPU_HASH').length, 30);
    assert.equal(tracks.filter((track) => track === 'CHAIN').length, 10);
    for (const draw of [0, 0.5, 0.999]) assert.equal(await assign(draw, { CHAIN: 1 }), 'CHAIN');
    assert.equal(await assign(0.5, {}), 'none');
    await audit(desk.db);
  });

  test('without an open round there is nothing to assign', async () => {
    const desk = new Desk(await open());
    assert.deepEqual(await desk.assign(newMiner()), { status: 'none' });
    await audit(desk.db);
  });

  test('locks are bounded in all and per address, also for a batch; who has one keeps it', async () => {
    const desk = await Desk.open(await open());
    const limits = { locks: 30, perAddress: 10 };
    const address = newMiner();
    const crowd = Array.from({ length: 50 }, newMiner);
    const answers = await Promise.all(crowd.map((miner) => desk.assign(miner, { address, limits })));
    const full = (scope: string) =>
      answers.filter((answer) => answer.status === 'full' && answer.scope === scope).length;
    assert.equal(answers.filter(({ status }) => status === 'assigned').length, 10);
    assert.equal(full('address'), 40);

    const others = await Promise.all(Array.from({ length: 30 }, () => desk.assign(newMiner(), { limits })));
    assert.equal(others.filter(({ status }) => status === 'assigned').length, 20);
    assert.equal(others.filter((answer) => answer.status === 'full' && answer.scope === 'all').length, 10);
    assert.equal((await desk.state()).locks, 30);

    const again = await Promise.all(crowd.map((miner) => desk.assign(miner, { address, limits })));
    assert.deepEqual(again, answers);
    await audit(desk.db);
  });

  test('the end of a round makes room for new locks', async () => {
    const desk = await Desk.open(await open());
    const limits = { locks: 1, perAddress: 1 };
    const [first, second] = [newMiner(), newMiner()];
    const { id } = await desk.round(first);
    assert.equal((await desk.assign(second, { limits })).status, 'full');
    await desk.settle(first, id);
    assert.equal((await desk.assign(second, { limits })).status, 'assigned');
    assert.deepEqual(await desk.assign(first, { limits }), { status: 'full', scope: 'all' });
    await audit(desk.db);
  });

  test('a lock outlives a restart', async () => {
    const place = await bench.place();
    const desk = await Desk.open(await connect(place));
    const miner = newMiner();
    const before = await desk.round(miner);
    await desk.db.close();
    desk.db = await connect(place);
    await desk.ensure(['CPU_HASH']);
    desk.now += 1_000;
    assert.deepEqual(await desk.round(miner), before);
    assert.equal((await desk.settle(miner, before.id)).status, 'win');
    await desk.db.close();
  });
}
