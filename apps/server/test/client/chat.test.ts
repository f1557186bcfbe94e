/** Chats against a real server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { Chats, CopyStore, storeOf } from './chats.js';
import { until } from './people.js';

const VIAS = ['relay', 'e2ee'] as const;

let shared: TestServer;
const chats = new Chats();

before(async () => {
  shared = await startServer({ services: ['relay', 'e2ee'] });
});
after(async () => {
  await chats.close();
  await shared.stop();
});

const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);
const plain = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

for (const via of VIAS) {
  describe(`chats by ${via}`, () => {
    test('texts arrive in order, each once, and their sender is told how far they came', async () => {
      const [anna, ben] = [await chats.open(shared.url, { via }), await chats.open(shared.url, { via })];
      const sent = await Promise.all(plain(30).map((text) => anna.chat.send(ben.chat.address, text)));
      assert.ok(sent.every(({ state, direction }) => state === 'queued' && direction === 'out'));
      await until(() => ben.got.length === 30);
      assert.deepEqual(texts(ben.got), plain(30));
      assert.ok(ben.got.every(({ from, peer }) => from === anna.chat.address && peer === from));
      assert.deepEqual(
        ben.got.map(({ id }) => id),
        sent.map(({ id }) => id),
      );
      await ben.chat.markRead(anna.chat.address, [sent[0]?.id ?? '']);
      await until(() => anna.states.filter(({ state }) => state === 'received').length === 30);
      await until(() => anna.states.some(({ state }) => state === 'read'));
      const history = await anna.chat.history(ben.chat.address);
      assert.deepEqual(texts(history), plain(30));
      assert.deepEqual([history[0]?.state, history[1]?.state], ['read', 'received']);
      await ben.chat.send(anna.chat.address, 'and back');
      await until(() => anna.got.length === 1);
      assert.deepEqual(await anna.chat.peers(), [{ peer: ben.chat.address, changed: false }]);
      const number = await anna.chat.safetyNumber(ben.chat.address);
      assert.match(number.replaceAll(/\s/g, ''), /^\d{60}$/);
      assert.equal(await ben.chat.safetyNumber(anna.chat.address), number);
      assert.deepEqual([...anna.errors, ...ben.errors], []);
    });

    test('both may begin at once', async () => {
      const [anna, ben] = [await chats.open(shared.url, { via }), await chats.open(shared.url, { via })];
      await Promise.all([
        ...plain(5).map((text) => anna.chat.send(ben.chat.address, text)),
        ...plain(5).map((text) => ben.chat.send(anna.chat.address, text)),
      ]);
      await until(() => anna.got.length === 5 && ben.got.length === 5);
      for (const text of plain(5)) {
        await anna.chat.send(ben.chat.address, text);
        await ben.chat.send(anna.chat.address, text);
      }
      await until(() => anna.got.length === 10 && ben.got.length === 10);
      assert.deepEqual(texts(anna.got), [...plain(5), ...plain(5)]);
      assert.deepEqual([...anna.errors, ...ben.errors], []);
    });

    test('a handler that throws is given the message again, and those behind it wait', async () => {
      const calls: string[] = [];
      const ben = await chats.open(shared.url, {
        via,
        onMessage: ({ text }) => {
          calls.push(text);
          if (calls.length <= 2) throw new Error('disk full');
        },
      });
      const anna = await chats.open(shared.url, { via });
      await anna.chat.send(ben.chat.address, 'a');
      await anna.chat.send(ben.chat.address, 'b');
      await until(() => calls.includes('b'));
      assert.deepEqual(calls, ['a', 'a', 'a', 'b']);
      assert.deepEqual(
        ben.errors.map(({ code }) => code),
        ['handler_failed', 'handler_failed'],
      );
    });

    test('the history is bounded, and read by the page', async () => {
      const [anna, ben] = [
        await chats.open(shared.url, { via, history: 10 }),
        await chats.open(shared.url, { via }),
      ];
      for (const text of plain(15)) await anna.chat.send(ben.chat.address, text);
      assert.deepEqual(texts(await anna.chat.history(ben.chat.address)), plain(15).slice(5));
      assert.deepEqual(texts(await anna.chat.history(ben.chat.address, { limit: 2 })), ['13', '14']);
      assert.deepEqual(texts(await anna.chat.history(ben.chat.address, { limit: 2, before: 13 })), [
        '11',
        '12',
      ]);
    });

    test('a peer that lost all but its identity is written to again, and gets what it could not read', async () => {
      const old = new CopyStore();
      const ben = await chats.open(shared.url, { via, store: old });
      const anna = await chats.open(shared.url, { via });
      await anna.chat.send(ben.chat.address, 'before');
      await ben.chat.send(anna.chat.address, 'and back');
      await until(() => ben.got.length === 1 && anna.got.length === 1);
      await ben.chat.close();
      const kept = old.kept.filter(([key]) => key === 'identity' || key === 'account');
      const again = await chats.open(shared.url, { via, store: await storeOf(kept) });
      assert.equal(again.chat.address, ben.chat.address);
      await anna.chat.send(ben.chat.address, 'lost');
      await until(() => again.got.length === 1);
      await anna.chat.send(ben.chat.address, 'after');
      await until(() => again.got.length === 2);
      assert.deepEqual(texts(again.got), ['lost', 'after']);
      assert.ok(again.errors.length > 0 && again.errors.every(({ code }) => code === 'bad_message'));
      await again.chat.send(anna.chat.address, 'hello again');
      await until(() => anna.got.at(-1)?.text === 'hello again');
    });

    test('what is burned is gone here and there', async () => {
      const store = new CopyStore();
      const [anna, ben] = [
        await chats.open(shared.url, { via }),
        await chats.open(shared.url, { via, store }),
      ];
      const { address } = ben.chat;
      await ben.chat.burn();
      await assert.rejects(anna.chat.send(address, 'x'), { code: 'unknown_peer' });
      await assert.rejects(ben.chat.send(anna.chat.address, 'x'), { code: 'closed' });
      await assert.rejects(store.get('identity'), { code: 'store_closed' });
    });
  });
}
