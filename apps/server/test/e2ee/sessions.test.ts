/** That two accounts talk: one row for both. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { Session } from '@blindpost/protocol/e2ee';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { assertExactly, assertRefused, assertSent } from './answers.js';
import { items, message } from './messages.js';
import { ALL_STAGES, eventually, onEveryStage, pick } from './stage.js';

const DAY_MS = 24 * 3_600_000;

const ensure = async (wire: E2eeWire, peer: string, body: object = {}) =>
  assertExactly(await wire.ensureSession(peer, body), Session);

await onEveryStage(
  'sessions',
  (stage) => {
    test('one row serves both sides, in the order of their ids, begun by who asked first', async () => {
      for (let n = 0; n < 4; n += 1) {
        const [a, b] = [await stage.account(), await stage.account()];
        const hint = 'x3dh-v1';
        const meta = { device: 'iphone-17', snake_case: { camelCase: [1] } };
        const first = await ensure(a, b.id, { hint, meta });
        assert.deepEqual([first.accountAId, first.accountBId], [a.id, b.id].sort());
        assert.ok(first.accountAId < first.accountBId);
        assert.deepEqual([first.initiatedById, first.hint, first.meta], [a.id, hint, meta]);
        const other = await ensure(stage.elsewhere(b), a.id);
        assert.deepEqual(
          [other.id, other.accountAId, other.accountBId, other.initiatedById, other.createdAt],
          [first.id, first.accountAId, first.accountBId, a.id, first.createdAt],
        );
      }
    });

    test('32 from both sides at once make one', async () => {
      for (let n = 0; n < 5; n += 1) {
        const [a, b] = [await stage.account(), await stage.account()];
        const sides = [...stage.everywhere(a), ...stage.everywhere(b)];
        const sessions = await Promise.all(
          Array.from({ length: 32 }, (_, each) => {
            const wire = pick(sides, each);
            return ensure(wire, wire.id === a.id ? b.id : a.id);
          }),
        );
        assert.equal(new Set(sessions.map(({ id }) => id)).size, 1);
        assert.equal(new Set(sessions.map(({ initiatedById }) => initiatedById)).size, 1);
        assert.ok([a.id, b.id].includes(sessions[0]?.initiatedById ?? ''));
      }
    });

    test('what is given replaces what was there', async () => {
      const [a, b] = [await stage.account(), await stage.account()];
      await ensure(a, b.id, { hint: 'one', meta: { n: 1 } });
      const second = await ensure(b, a.id, { hint: 'two', meta: { n: 2 } });
      assert.deepEqual([second.hint, second.meta, second.initiatedById], ['two', { n: 2 }, a.id]);
      const third = await ensure(a, b.id, { hint: 'three' });
      assert.deepEqual([third.hint, third.meta], ['three', { n: 2 }]);
      assert.equal((await ensure(a, b.id)).hint, 'three');
    });

    test('different pairs have different sessions', async () => {
      const accounts = await stage.accounts(4);
      const ids = new Set<string>();
      for (const [n, wire] of accounts.entries()) {
        for (const peer of accounts.slice(n + 1)) ids.add((await ensure(wire, peer.id)).id);
      }
      assert.equal(ids.size, 6);
    });

    test('with oneself there is none, with nobody neither', async () => {
      const account = await stage.account();
      assertRefused(await account.ensureSession(account.id), 400, 'self_recipient');
      assertRefused(await account.ensureSession(account.id.toUpperCase()), 400, 'self_recipient');
      assertRefused(await account.ensureSession(randomUUID()), 404, 'not_found');
      assertRefused(await account.ensureSession('nobody'), 400, 'invalid_request');
      const peer = await stage.account();
      const long = { hint: 'x'.repeat(129) };
      assertRefused(await account.ensureSession(peer.id, long), 400, 'invalid_request', 'hint');
      assertRefused(await account.ensureSession(peer.id, { meta: [] }), 400, 'invalid_request', 'meta');
    });

    test('the last message is known by its day', async () => {
      const [a, b] = [await stage.account(), await stage.account()];
      assert.equal((await ensure(a, b.id)).lastMessageAt, null);
      const began = Date.now();
      assertSent(await a.send(message(b.id)));
      await eventually('a day', async () => (await ensure(b, a.id)).lastMessageAt !== null);
      const { lastMessageAt } = await ensure(a, b.id);
      const day = Date.parse(String(lastMessageAt));
      assert.equal(day % DAY_MS, 0, `${lastMessageAt} is the beginning of a day`);
      assert.ok(Math.abs(began - day) <= DAY_MS + 60_000, `${lastMessageAt} is today`);
    });

    test('a sender key is a message, too', async () => {
      const [a, b] = [await stage.account(), await stage.account()];
      await ensure(a, b.id);
      assert.equal((await b.distribute('room', items(a.id, 1))).json.sent, 1);
      await eventually('a day', async () => (await ensure(b, a.id)).lastMessageAt !== null);
    });

    test('an envelope goes without a session, and any session id goes with it', async () => {
      const [a, b] = [await stage.account(), await stage.account()];
      for (const sessionId of [randomUUID(), 'any text', null]) {
        assert.equal(assertSent(await a.send(message(b.id, { sessionId }))).sessionId, sessionId);
      }
    });
  },
  { stages: ALL_STAGES },
);
