import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyBundle } from '@blindpost/protocol/relay';
import { makeBundle, makeIdentity, signBundle } from '@blindpost/testbed/keys';
import type { TestServer } from '@blindpost/testbed/server';
import { type Wire, workHeaders } from '@blindpost/testbed/wire';
import { assertOk } from './answers.js';
import { onEveryStore } from './stage.js';

const count = (statuses: number[], status: number) => statuses.filter((each) => each === status).length;

await onEveryStore(
  'two servers on one Redis',
  (stage) => {
    let other: Promise<TestServer> | undefined;
    /** A client of each server. */
    const both = async (): Promise<[Wire, Wire]> => {
      other ??= stage.another();
      return [stage.wire, stage.client(undefined, (await other).url)];
    };

    test('a seed of one server pays at the other, and once in a race of both', async () => {
      const [here, there] = await both();
      const identity = makeIdentity();
      const body = signBundle(identity, makeBundle(identity));
      const headers = workHeaders(await here.work(identity.hash, { type: 'upload' }));
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? here : there).post('/keys/upload', body, headers),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      assert.deepEqual([count(statuses, 200), count(statuses, 401)], [1, 19]);
      assert.equal((await there.get(`/keys/fetch?user=${identity.hash}`)).status, 200);
    });

    test('a prekey is handed out once by both together, and the limits count both', async () => {
      const [here, there] = await both();
      const identity = makeIdentity();
      await here.upload(identity, { preKeys: 20 });
      const ids = await Promise.all(
        Array.from({ length: 12 }, async (_, n) => {
          const answer = await (n % 2 === 0 ? here : there).get(`/keys/fetch?user=${identity.hash}`);
          return assertOk(answer, KeyBundle).preKey?.id;
        }),
      );
      const taken = ids.filter((id) => id !== undefined);
      assert.equal(taken.length, 5, 'five an hour for one address');
      assert.equal(new Set(taken).size, 5);
    });

    test('a nickname raced for at both has one owner, whom both name', async () => {
      const [here, there] = await both();
      const nickname = 'raced-for-at-both';
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? here : there).claimNickname(makeIdentity(), nickname),
        ),
      );
      const statuses = answers.map(({ status }) => status);
      assert.deepEqual([count(statuses, 200), count(statuses, 409)], [1, 19]);
      const named = await Promise.all(
        [here, there].map((each) => each.get(`/nickname/lookup?nick=${nickname}`)),
      );
      assert.deepEqual(named[0]?.json, named[1]?.json);
    });

    test('a token of one admits at the other and closes the older socket', async () => {
      const [here, there] = await both();
      const identity = makeIdentity();
      const older = await here.login(identity);
      const newer = await there.login(identity, { by: { token: older.token } });
      assert.equal((await older.closed()).code, 1008);
      assert.equal(newer.token, older.token);
    });

    test('messages, aliases and presence reach a peer at the other', async () => {
      const [here, there] = await both();
      const [a, b] = [makeIdentity(), makeIdentity()];
      const [from, to] = [await here.login(a), await there.login(b)];
      from.send({ type: 'relay', to: b.hash, body: 'across', id: 1 });
      assert.equal((await to.next('msg')).payload, 'across');
      assert.equal((await from.next('delivery_status')).status, 'delivered');
      const work = await there.work('alias-across', { type: 'alias' });
      to.send({ type: 'subscribe_alias', alias: 'alias-across', ...work });
      await to.next('alias_subscribed');
      from.send({ type: 'relay', to: 'alias-across', body: 'by alias' });
      await to.next(({ payload }) => payload === 'by alias');
      from.sendRaw(Buffer.from(`${b.hash}bytes`));
      await to.next('(binary)');
      from.send({ type: 'presence_subscribe', to: b.hash });
      assert.equal((await to.next('presence_request')).from, a.hash);
      to.send({ type: 'presence_allow', to: a.hash });
      to.send({ type: 'presence_update', status: 'seen across' });
      assert.equal((await from.next('presence_update')).status, 'seen across');
    });

    test('the mailbox has one bound, whichever server is written to', async () => {
      const [here, there] = await both();
      const [sender, recipient] = [makeIdentity(), makeIdentity()];
      let refused = 0;
      for (const client of [here, there]) {
        const socket = await client.login(sender);
        for (let n = 0; n < 60; n += 1) socket.send({ type: 'relay', to: recipient.hash, body: n, id: n });
        for (let n = 0; n < 60; n += 1) {
          if ((await socket.next(({ id }) => id === n)).error === 'ERR_QUEUE_FULL') refused += 1;
        }
      }
      assert.equal(refused, 20);
    });
  },
  { stores: ['redis'], own: true },
);
