import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeIdentity } from '@blindpost/testbed/keys';
import type { Wire } from '@blindpost/testbed/wire';
import { UpgradeRefused } from '@blindpost/testbed/wire-socket';
import { assertRefused, member } from './answers.js';
import { onEveryStore } from './stage.js';

const ask = (client: Wire) => client.get(`/keys/fetch?hashes=${makeIdentity().hash}`);

/** Asks until the wait is that of the jail: 300 s. */
async function offend(client: Wire): Promise<number> {
  for (let asked = 1; asked <= 200; asked += 1) {
    const answer = await ask(client);
    if (Number(answer.headers['retry-after']) > 60) {
      assertRefused(answer, 429, 'ERR_RATE_LIMIT');
      assert.ok(Number(answer.headers['retry-after']) >= 299);
      assert.equal(member(answer.json.details, 'retryAfter'), Number(answer.headers['retry-after']));
      return asked;
    }
  }
  return assert.fail('never jailed');
}

await onEveryStore(
  'jail',
  (stage) => {
    test('after 3 violations the address waits 300 s, on every route and for upgrades; others do not', async () => {
      const client = stage.client('127.0.4.1');
      const asked = await offend(client);
      assert.ok(asked > 10 + 1, `the burst of ten and more than one violation, not ${asked}`);
      for (const path of ['/pow/challenge', '/nickname/lookup?nick=abc', '/keys/random']) {
        const answer = await client.get(path);
        assertRefused(answer, 429, 'ERR_RATE_LIMIT');
        assert.ok(Number(answer.headers['retry-after']) >= 290);
      }
      await assert.rejects(client.open(), (error) => {
        assert.ok(error instanceof UpgradeRefused);
        assertRefused(error.answer, 429, 'ERR_RATE_LIMIT');
        assert.ok(Number(error.answer.headers['retry-after']) >= 290);
        return true;
      });
      assert.equal((await ask(stage.client('127.0.4.2'))).status, 200);
    });

    test('a socket that floods is told and closed 1008, and its address is jailed', async () => {
      const client = stage.client('127.0.4.3');
      const socket = await client.login(makeIdentity());
      for (let n = 0; n < 100; n += 1) socket.send({ type: 'ping', timestamp: n });
      const told = await socket.next(({ details }) => Number(member(details ?? {}, 'retryAfter')) > 60);
      assert.equal(told.error, 'ERR_RATE_LIMIT');
      assert.ok(Number(member(told.details, 'retryAfter')) >= 299);
      assert.equal((await socket.closed()).code, 1008);
      assert.equal((await ask(client)).status, 429);
    });

    test('the address is jailed, not the identity: it goes on from elsewhere', async () => {
      const identity = makeIdentity();
      const guilty = await stage.client('127.0.4.4').login(identity);
      for (let n = 0; n < 100; n += 1) guilty.send({ type: 'ping', timestamp: n });
      assert.equal((await guilty.closed()).code, 1008);
      await stage.client('127.0.4.5').login(identity);
    });

    test('every socket of the jailed address is closed 1008', async () => {
      const client = stage.client('127.0.4.6');
      const bystander = await client.login(makeIdentity());
      await offend(client);
      bystander.send({ type: 'ping' });
      assert.equal((await bystander.closed()).code, 1008);
    });

    test('flooding a recipient jails the sender, and the recipient stays', async () => {
      const recipient = makeIdentity();
      const live = await stage.client('127.0.4.7').login(recipient);
      const sender = await stage.client('127.0.4.8').login(makeIdentity());
      for (let n = 0; n < 100; n += 1) sender.send({ type: 'relay', to: recipient.hash, body: n });
      assert.equal((await sender.closed()).code, 1008);
      assert.equal(live.open, true);
      await live.settle();
    });
  },
  { env: { RELAY_LIMIT_REQUESTS: '10', RELAY_LIMIT_FRAMES: '20', RELAY_LIMIT_JAIL: '3' } },
);

await onEveryStore(
  'jail between servers',
  (stage) => {
    test('an address jailed at one server is jailed at the other', async () => {
      const other = await stage.another();
      await offend(stage.client('127.0.4.1'));
      const answer = await ask(stage.client('127.0.4.1', other.url));
      assertRefused(answer, 429, 'ERR_RATE_LIMIT');
      assert.ok(Number(answer.headers['retry-after']) > 60);
    });
  },
  { env: { RELAY_LIMIT_REQUESTS: '10', RELAY_LIMIT_JAIL: '3' }, stores: ['redis'] },
);
