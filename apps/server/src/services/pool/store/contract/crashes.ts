import assert from 'node:assert/strict';
import { test } from 'node:test';
import { audit, hex } from './audit.js';
import type { Bench } from './bench.js';
import { connect } from './connect.js';
import { bytesOf, Desk, FULL_PAYOUT, newMiner } from './desk.js';
import { Server } from './server.js';

export function crashRules(bench: Bench): void {
  test('the ledger sums to zero after kill -9 at 100 random points, and nothing answered is lost', async () => {
    const place = await bench.place();
    const done = { win: new Set<string>(), withdrawal: new Set<string>(), redemption: new Set<string>() };
    for (let round = 0; round < bench.scaled(100); round++) {
      const servers = await Promise.all(
        Array.from({ length: Math.min(2, bench.servers) }, () => Server.start({ kind: 'churn', place })),
      );
      for (const server of servers) server.go();
      const enough = 2 + Math.floor(Math.random() * 60);
      await Promise.race(servers.map((server) => server.reported(({ length }) => length > enough)));
      for (const report of (await Promise.all(servers.map((server) => server.kill()))).flat()) {
        if (report.kind === 'done') done[report.what].add(report.id.replaceAll('-', ''));
      }
      const db = await connect(place);
      const { rounds, withdrawals, redemptions } = await audit(db);
      await db.close();
      const won = new Set(rounds.filter(({ status }) => status === 'closed').map(({ id }) => hex(id)));
      const kept = {
        win: won,
        withdrawal: new Set(withdrawals.map(({ id }) => hex(id))),
        redemption: new Set(redemptions.map(({ id }) => hex(id))),
      };
      for (const what of ['win', 'withdrawal', 'redemption'] as const) {
        const lost = [...done[what]].filter((id) => !kept[what].has(id));
        assert.deepEqual(lost, [], `${what} lost`);
      }
    }
    assert.ok(done.win.size > 0, 'something was done at all');
  });

  // Where a single process has the file, there is no such race.
  if (bench.servers === 1) return;

  test('1,000 racing winners in several processes give one payout', async () => {
    const place = await bench.place();
    const desk = await Desk.open(await connect(place));
    const miners = Array.from({ length: bench.scaled(1_000) }, newMiner);
    const rounds = await Promise.all(miners.map((miner) => desk.round(miner)));
    const round = rounds[0]?.id ?? '';
    const shares = Array.from({ length: 4 }, (_, share) =>
      miners.filter((_, index) => index % 4 === share).map(hex),
    );
    const servers = await Promise.all(
      shares.map((share) => Server.start({ kind: 'race', place, round, miners: share, now: desk.now })),
    );
    for (const server of servers) server.go();
    const reports = await Promise.all(
      servers.map((server) => server.reported((said) => said.some(({ kind }) => kind === 'raced'))),
    );
    const raced = reports.flat().flatMap((report) => (report.kind === 'raced' ? [report] : []));
    assert.equal(
      raced.reduce((sum, { wins }) => sum + wins, 0),
      1,
    );
    assert.equal(
      raced.reduce((sum, { late }) => sum + late, 0),
      miners.length - 1,
    );
    const { entries, rounds: all } = await audit(desk.db);
    const payouts = entries.filter(({ kind }) => kind === 'payout');
    assert.deepEqual(
      payouts.map(({ amount, ref }) => ({ amount, ref: hex(ref) })),
      [{ amount: FULL_PAYOUT, ref: hex(bytesOf(round)) }],
    );
    assert.equal(all.length, 2, 'one closed, one open');
    await desk.db.close();
  });
}
