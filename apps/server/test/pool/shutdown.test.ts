import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertBalance } from './answers.js';
import { onEveryDatabase } from './stage.js';
import { solved } from './work.js';

await onEveryDatabase('SIGTERM', (stage) => {
  test('what is under way is answered or not done, sockets are told, and the exit is 0', async () => {
    const miners = Array.from({ length: 10 }, () => stage.miner());
    const { socket } = await stage.miner().attend();
    const { round, nonce } = await solved(...miners);
    const old = stage.server;
    const asked = miners.map((miner) => miner.submit(round, nonce).catch(() => null));
    await stage.restart('stop');
    assert.equal(await old.exited, 0);
    assert.ok([1001, 1012].includes((await socket.closed()).code));
    const answers = await Promise.all(asked);
    const balances = await Promise.all(miners.map((miner) => stage.again(miner).balance()));
    for (const [n, answer] of answers.entries()) {
      if (answer?.json.status === 'win') assert.equal(balances[n], answer.json.payout_micro);
    }
    assert.ok(balances.filter((balance) => balance > 0).length <= 1, `${balances}`);
    // Whoever got no answer asks again, and one of all is paid.
    const late = await Promise.all(miners.map((miner) => stage.again(miner).submit(round, nonce)));
    const wins = late.filter(({ json }) => json.status === 'win');
    assert.equal(wins.length, 1, late.join('\n'));
    const winner = late.findIndex(({ json }) => json.status === 'win');
    const [miner, win] = [miners[winner], late[winner]];
    assert.ok(miner !== undefined && win !== undefined);
    await assertBalance(stage.again(miner), Number(win.json.payout_micro));
    await stage.assertBooksBalance();
  });
});
