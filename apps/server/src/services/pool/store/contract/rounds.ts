import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TrackName } from '@blindpost/protocol/pool';
import { minBits } from '../../rules/bits.js';
import { poolBalance } from '../pool-balance.js';
import { sweep } from '../sweep.js';
import { audit, houseBalance } from './audit.js';
import type { Bench } from './bench.js';
import { connect } from './connect.js';
import { Desk, FULL_PAYOUT, newMiner, newNonce, strangeRound, TERMS } from './desk.js';

const DAY_MS = 24 * 3_600_000;
const TRACKS = TrackName.anyOf.map(({ const: track }) => track);

export function roundRules(bench: Bench): void {
  const open = () => bench.database();

  test('one round of each track is open, however often they are ensured', async () => {
    const desk = new Desk(await open());
    await Promise.all(Array.from({ length: 20 }, () => desk.ensure(TRACKS)));
    const { rounds } = await desk.state();
    assert.deepEqual(
      rounds.map(({ track }) => track),
      [...TRACKS].sort(),
    );
    await audit(desk.db);
  });

  test('a submit is looked at in order: unknown, over, lock mismatch, open', async () => {
    const desk = await Desk.open(await open());
    const [miner, other, nonce] = [newMiner(), newMiner(), newNonce()];
    for (const round of ['', 'x', '\0', strangeRound()]) {
      assert.deepEqual(await desk.lookup(miner, round, nonce), { status: 'unknown' });
    }
    const { id, params } = await desk.round(miner);
    const elsewhere = { status: 'mismatch', field: 'round_id' };
    assert.deepEqual(await desk.lookup(other, id, nonce), elsewhere);
    assert.deepEqual(await desk.lookup(other, id, nonce, 'CHAIN'), elsewhere);
    assert.deepEqual(await desk.lookup(miner, id, nonce, 'CHAIN'), { status: 'mismatch', field: 'track' });
    assert.deepEqual(await desk.lookup(miner, id, nonce), { status: 'open', params });
    assert.deepEqual(await desk.lookup(miner, id.toUpperCase(), nonce), { status: 'open', params });

    const won = await desk.settle(miner, id, nonce);
    assert.ok(won.status === 'win');
    const { next: _, ...same } = won;
    assert.deepEqual(await desk.lookup(miner, id, nonce, 'CHAIN'), { ...same, status: 'won' });
    assert.deepEqual(await desk.lookup(miner, id, newNonce()), { status: 'too_late' });
    assert.deepEqual(await desk.lookup(other, id, nonce, 'CHAIN'), { status: 'too_late' });
  });

  test('a win pays its share, opens the next round with a challenge of its own and frees the miners', async () => {
    const desk = await Desk.open(await open());
    const [winner, loser] = [newMiner(), newMiner()];
    const [first, held] = [await desk.round(winner), await desk.round(loser)];
    assert.equal(held.id, first.id);
    desk.now += 7_000;
    const settled = await desk.settle(winner, first.id);
    assert.ok(settled.status === 'win');
    assert.equal(settled.payout, FULL_PAYOUT);
    assert.equal(settled.poolBalance, TERMS.cap - FULL_PAYOUT);
    assert.equal(settled.solveMs, 7_000);
    assert.equal(settled.next?.track, 'CPU_HASH');
    const next = await desk.round(loser);
    assert.equal(next.id, settled.next?.roundId);
    assert.notEqual(next.params.challenge, first.params.challenge);
    assert.equal((await desk.state()).rounds[0]?.won, 1);
    assert.deepEqual(await desk.balance(winner), { pending: FULL_PAYOUT, withdrawn: 0 });
    assert.deepEqual(await desk.balance(loser), { pending: 0, withdrawn: 0 });
    await audit(desk.db);
  });

  test('1,000 racing winners of one round give one payout', async () => {
    const desk = await Desk.open(await open());
    const miners = Array.from({ length: bench.scaled(1_000) }, newMiner);
    const rounds = await Promise.all(miners.map((miner) => desk.round(miner)));
    const id = rounds[0]?.id ?? '';
    const settled = await Promise.all(miners.map((miner) => desk.settle(miner, id)));
    assert.equal(settled.filter(({ status }) => status === 'win').length, 1);
    assert.equal(settled.filter(({ status }) => status === 'too_late').length, miners.length - 1);
    const { entries } = await audit(desk.db);
    assert.deepEqual(
      entries.filter(({ kind }) => kind === 'payout').map(({ amount }) => amount),
      [FULL_PAYOUT],
    );
  });

  test('a retried winning submit is paid once', async () => {
    const desk = await Desk.open(await open());
    const [miner, nonce] = [newMiner(), newNonce()];
    const { id } = await desk.round(miner);
    const answers = await Promise.all(Array.from({ length: 30 }, () => desk.settle(miner, id, nonce)));
    desk.now += DAY_MS;
    answers.push(await desk.settle(miner, id, nonce));
    const wins = answers.map((answer) => {
      assert.ok(answer.status === 'win');
      return answer;
    });
    assert.equal(wins.filter(({ next }) => next !== null).length, 1, 'one of them closed it');
    const [{ next: _, ...first } = { next: null }] = wins;
    for (const { next: _, ...win } of wins) assert.deepEqual(win, first);
    assert.deepEqual(await desk.balance(miner), { pending: FULL_PAYOUT, withdrawn: 0 });
    assert.deepEqual(await desk.settle(miner, id, newNonce()), { status: 'too_late' });
    await audit(desk.db);
  });

  test('who holds no lock on a round cannot win it', async () => {
    const desk = await Desk.open(await open());
    const { id } = await desk.round(newMiner());
    for (const round of [id, strangeRound(), 'x']) {
      assert.deepEqual(await desk.settle(newMiner(), round), { status: 'too_late' });
    }
    await audit(desk.db);
  });

  test('nonces of any text win and are known again', async () => {
    const desk = await Desk.open(await open());
    for (const nonce of ['', '\0', 'ab\0cd', '\ud800', '💡', "'; drop table pool_rounds; --"]) {
      const miner = newMiner();
      const { id } = await desk.round(miner);
      assert.equal((await desk.settle(miner, id, nonce)).status, 'win');
      assert.equal((await desk.settle(miner, id, nonce)).status, 'win');
      assert.equal((await desk.lookup(miner, id, nonce)).status, 'won');
    }
    await audit(desk.db);
  });

  test('an empty pool pays nothing, and the round is won all the same', async () => {
    const desk = new Desk(await open());
    desk.terms = { ...TERMS, refillPerSecond: 0 };
    await desk.ensure(['CPU_HASH']);
    const miner = newMiner();
    const { id } = await desk.round(miner);
    const settled = await desk.settle(miner, id);
    assert.ok(settled.status === 'win');
    assert.equal(settled.payout, 0);
    assert.equal((await audit(desk.db)).entries.length, 0);
  });

  test('a restart refills nothing twice and loses nothing', async () => {
    const place = await bench.place();
    const desk = new Desk(await connect(place));
    desk.terms = { ...TERMS, refillPerSecond: 777, cap: 1e15 - 1 };
    await desk.ensure(['CPU_HASH']);
    const start = desk.now;
    for (const elapsed of [1, 333, 0, 5_001, 999, 123_456]) {
      desk.now += elapsed;
      await desk.ensure(['CPU_HASH']);
      await desk.db.close();
      desk.db = await connect(place);
      const miner = newMiner();
      const { id } = await desk.round(miner);
      await desk.settle(miner, id);
    }
    const audited = await audit(desk.db);
    assert.equal(-houseBalance(audited, 'mint'), Math.floor(((desk.now - start) * 777) / 1_000));
    const pool = houseBalance(audited, 'pool');
    desk.now += 10_000;
    const balance = await desk.db.read(poolBalance, { now: desk.now, terms: desk.terms });
    assert.ok(balance - pool === 7_770 || balance - pool === 7_771, 'and so much is due after ten seconds');
    await desk.db.close();
  });

  test('bits rise when rounds are solved too quickly, and fall when nobody solves them', async () => {
    const desk = await Desk.open(await open());
    const bits = async () => (await desk.state()).rounds[0]?.bits ?? 0;
    const before = await bits();
    for (let round = 0; round < 12; round++) {
      const miner = newMiner();
      const { id } = await desk.round(miner);
      desk.now += 10;
      await desk.settle(miner, id);
    }
    const flooded = await bits();
    assert.ok(flooded >= before + 5, `${before} bits became ${flooded}`);

    await desk.round(newMiner());
    desk.now += 300_000;
    const [expired] = await desk.expire(['CPU_HASH']);
    assert.equal(expired?.track, 'CPU_HASH');
    assert.ok((await bits()) < flooded);
    for (let round = 0; round < 40; round++) {
      await desk.round(newMiner());
      desk.now += 300_000;
      await desk.expire(['CPU_HASH']);
    }
    assert.equal(await bits(), minBits('CPU_HASH'));
    await audit(desk.db);
  });

  test('an expired round pays nobody and frees its miners', async () => {
    const desk = await Desk.open(await open());
    const miner = newMiner();
    const { id } = await desk.round(miner);
    desk.now += 299_999;
    assert.deepEqual(await desk.expire(['CPU_HASH']), []);
    desk.now += 1;
    assert.deepEqual(await desk.expire(['CPU_HASH']), [{ track: 'CPU_HASH', id }]);
    assert.deepEqual(await desk.settle(miner, id), { status: 'too_late' });
    assert.deepEqual(await desk.lookup(miner, id, newNonce()), { status: 'too_late' });
    assert.notEqual((await desk.round(miner)).id, id);
    await audit(desk.db);
  });

  test('a round that nobody held neither expires nor gets easier by it', async () => {
    const desk = await Desk.open(await open());
    const [before] = (await desk.state()).rounds;
    desk.now += DAY_MS;
    assert.deepEqual(await desk.expire(['CPU_HASH']), []);
    assert.deepEqual((await desk.state()).rounds, [before]);
    const miner = newMiner();
    const { id } = await desk.round(miner);
    desk.now += 30_000;
    await desk.settle(miner, id);
    assert.equal((await desk.state()).rounds[0]?.bits, before?.bits, 'the night counts for nothing');
  });

  test('a track that lost its weight gets no next round', async () => {
    const desk = await Desk.open(await open(), ['CPU_HASH', 'CHAIN']);
    const miner = newMiner();
    desk.terms = { ...TERMS, weights: { CPU_HASH: 1 } };
    const { id } = await desk.round(miner);
    desk.terms = { ...TERMS, weights: { CHAIN: 1 } };
    const settled = await desk.settle(miner, id);
    assert.ok(settled.status === 'win');
    assert.deepEqual(settled.next, { track: 'CPU_HASH', roundId: null });
    assert.deepEqual(
      (await desk.state()).rounds.map(({ track }) => track),
      ['CHAIN'],
    );
  });

  test('a round is deleted 30 days after its end; until then its winner may ask', async () => {
    const desk = await Desk.open(await open());
    const [miner, nonce] = [newMiner(), newNonce()];
    const { id } = await desk.round(miner);
    await desk.settle(miner, id, nonce);
    desk.now += 30 * DAY_MS - 1;
    assert.equal(await desk.db.write(sweep, { now: desk.now }), 0);
    assert.equal((await desk.lookup(miner, id, nonce)).status, 'won');
    desk.now += 1;
    assert.equal(await desk.db.write(sweep, { now: desk.now }), 1);
    assert.equal((await desk.lookup(miner, id, nonce)).status, 'unknown');
    assert.equal((await desk.balance(miner)).pending, FULL_PAYOUT);
    assert.equal((await desk.state()).rounds.length, 1, 'the open one stays');
  });
}
