import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { History } from '@blindpost/protocol/pool';
import { minerToken, type PoolWire } from '@blindpost/testbed/wire-pool';
import { assertOk } from '../relay/answers.js';
import { assertBalance, assertRefused } from './answers.js';
import { ADMIN, onEveryDatabase } from './stage.js';
import { win } from './work.js';

/** Every route of a miner, asked in good shape. */
async function everyRoute(miner: PoolWire) {
  return [
    await miner.get('/challenge'),
    await miner.get('/balance'),
    await miner.get('/withdraw_code/history'),
    await miner.post('/submit', { track: 'CPU_HASH', round_id: 'any', proof: { nonce: 'x' } }),
    await miner.post('/withdraw', { amount_micro: 10, destination: 'thief' }),
    await miner.post('/withdraw_code', { amount_micro: 10 }),
  ];
}

/** What a client may write to look like another address. */
const disguises = (address: string): Record<string, string>[] => [
  { 'x-forwarded-for': address },
  { 'x-forwarded-for': `${address}, ${address}` },
  { forwarded: `for=${address}` },
  { 'x-real-ip': address },
  { 'x-client-ip': address },
  { 'true-client-ip': address },
  { 'cf-connecting-ip': address },
  { 'x-forwarded-for': address, forwarded: `for=${address}`, 'x-real-ip': address, via: '1.1 proxy' },
];

/** The victim's balance is read and spent by nobody else. */
async function assertUntouched(thief: PoolWire, victim: PoolWire, held: number): Promise<void> {
  await assertBalance(thief, 0, 0);
  for (const body of [{ amount_micro: 10 }, {}]) {
    assertRefused(await thief.post('/withdraw_code', body), 409, 'insufficient_balance');
  }
  const withdrawal = await thief.post('/withdraw', { amount_micro: 10, destination: 'thief' });
  assertRefused(withdrawal, 409, 'insufficient_balance');
  await assertBalance(victim, held, 0);
}

await onEveryDatabase('who a miner is', (stage) => {
  test('two tokens behind one address share no balance, no history and no codes', async () => {
    const [a, b] = [await stage.winner(), stage.miner()];
    await assertUntouched(b, a.miner, a.held);
    await a.miner.post('/withdraw_code', {});
    assert.deepEqual(assertOk(await b.get('/withdraw_code/history'), History).items, []);
    const { payout } = await win(b);
    await assertBalance(a.miner, 0, a.held);
    await assertBalance(b, payout, 0);
  });

  test('a token is another miner than the address it comes from, and is the same one from anywhere', async () => {
    const address = stage.client({ from: '127.0.3.1' });
    const { miner, held } = await stage.winner({ from: '127.0.3.1' });
    await assertUntouched(address, miner, held);
    const moved = stage.client({ ...miner.options, from: '127.0.3.2' });
    await assertBalance(moved, held, 0);
    const { payout } = await win(address);
    await assertBalance(address, payout, 0);
    await assertBalance(miner, held, 0);
  });

  test('two addresses are two miners', async () => {
    const [a, b] = [stage.client({ from: '127.0.3.3' }), stage.client({ from: '127.0.3.4' })];
    const { payout } = await win(a);
    await assertUntouched(b, a, payout);
  });

  test('any other Bearer is refused, never a fall back to the address', async () => {
    const address = stage.client({ from: '127.0.3.5' });
    const { payout } = await win(address);
    const good = minerToken();
    for (const token of [
      '',
      'x',
      'bp_',
      good.slice(0, -1),
      `${good}A`,
      good.slice(3),
      good.toUpperCase(),
      `bp_${'='.repeat(43)}`,
      `bp_${randomBytes(32).toString('hex')}`,
      `bp_${'+'.repeat(43)}`,
      `${good} ${good}`,
      ADMIN,
    ]) {
      const headers = { authorization: `Bearer ${token}` };
      const disguised = stage.client({ from: '127.0.3.5', headers });
      for (const answer of await everyRoute(disguised)) assertRefused(answer, 401, 'unauthorized');
    }
    await assertBalance(address, payout, 0);
  });

  test('forwarded headers move nobody without a trusted proxy', async () => {
    const victim = stage.client({ from: '127.0.3.6' });
    const { payout } = await win(victim);
    for (const headers of disguises('127.0.3.6')) {
      await assertUntouched(stage.client({ from: '127.0.3.7', headers }), victim, payout);
    }
    // Nor do they move the victim away from what it has.
    for (const headers of disguises('203.0.113.9')) {
      await assertBalance(stage.client({ from: '127.0.3.6', headers }), payout, 0);
    }
  });
});

await onEveryDatabase(
  'addresses behind a trusted proxy',
  (stage) => {
    const behind = (forwarded: string, from = '127.0.0.1') =>
      stage.client({ from, headers: { 'x-forwarded-for': forwarded } });

    test('are told by the proxy, counted from the right', async () => {
      const victim = behind('203.0.113.5');
      const { payout } = await win(victim);
      await assertUntouched(behind('203.0.113.6'), victim, payout);
      // The client's own entries stand left of what the proxy added.
      await assertUntouched(behind('203.0.113.5, 203.0.113.7'), victim, payout);
      await assertUntouched(behind('203.0.113.5, 203.0.113.5, 203.0.113.7'), victim, payout);
      await assertBalance(behind('198.51.100.1, 203.0.113.5'), payout, 0);
      await assertBalance(behind('203.0.113.5:4711'), payout, 0);
    });

    test('are not told by anybody else', async () => {
      const victim = behind('203.0.113.10');
      const { payout } = await win(victim);
      await assertUntouched(behind('203.0.113.10', '127.0.0.2'), victim, payout);
      const marked = { forwarded: 'for=203.0.113.10', 'x-real-ip': '203.0.113.10' };
      await assertUntouched(stage.client({ from: '127.0.0.2', headers: marked }), victim, payout);
    });

    test('of IPv6 count per /64', async () => {
      const victim = behind('2001:db8:0:1::1');
      const { payout } = await win(victim);
      await assertBalance(behind('2001:db8:0:1:ffff::2'), payout, 0);
      await assertUntouched(behind('2001:db8:0:2::1'), victim, payout);
    });
  },
  { env: { TRUSTED_PROXIES: '127.0.0.1' }, databases: ['sqlite'] },
);

await onEveryDatabase(
  'without identity by address',
  (stage) => {
    test('a token is required, on every route and on the socket', async () => {
      const address = stage.client();
      for (const answer of await everyRoute(address)) assertRefused(answer, 401, 'unauthorized');
      const socket = await address.open();
      assert.equal((await socket.closed()).code, 1008);
      assert.deepEqual(socket.of('secret'), []);
    });

    test('a miner with a token works as ever', async () => {
      const { miner, held } = await stage.winner();
      await assertBalance(miner, held, 0);
      await miner.attend();
    });
  },
  { env: { POOL_ADDRESS_IDENTITY: 'false' }, databases: ['sqlite'] },
);
