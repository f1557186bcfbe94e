import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WithdrawCodeAnswer } from '@blindpost/protocol/pool';
import { assertOk } from '../relay/answers.js';
import { ADMIN, given, onEveryDatabase } from './stage.js';
import { win } from './work.js';

await onEveryDatabase(
  'logs and metrics',
  (stage) => {
    test('show no token, address, destination, code, key, secret or nonce, whatever is done or goes wrong', async () => {
      const from = '127.0.28.1';
      const { miner } = await stage.winner({ from });
      const { socket, secret } = await miner.attend();
      socket.sendRaw('nonsense in a frame');
      await socket.next('error');
      const { nonce, round } = await win(miner);
      const key = 'an-idempotency-key-to-look-for';
      const destination = 'a-destination-to-look-for';
      const code = assertOk(
        await miner.post('/withdraw_code', { amount_micro: 100 }, { 'idempotency-key': key }),
        WithdrawCodeAnswer,
      ).code;
      await miner.post('/withdraw', { amount_micro: 100, destination }, { 'idempotency-key': key });
      await miner.post('/withdraw', { amount_micro: 'wrong-amount-to-look-for', destination });
      await miner.submit(round, 'a-nonce-to-look-for');
      await miner.get('/balance?query-to-look-for=1');
      await miner.get('/path-to-look-for');
      await stage
        .client({ from, headers: { authorization: 'Bearer wrong-token-to-look-for' } })
        .get('/balance');
      await stage.admin('/state');

      const metrics = (await stage.client().get('/metrics')).raw.toString();
      const said = stage.server.stdout + stage.server.stderr + metrics;
      assert.match(said, /\/withdraw_code/, 'something is logged');
      const token = given(miner.options.token);
      for (const text of [
        token,
        token.slice(3),
        from,
        destination,
        code,
        key,
        secret,
        nonce,
        ADMIN,
        'to-look-for',
      ]) {
        assert.equal(said.includes(text), false, text);
      }
    });
  },
  { env: { LOG_LEVEL: 'trace' }, databases: ['sqlite'] },
);
