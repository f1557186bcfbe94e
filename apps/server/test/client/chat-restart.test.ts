/** Chats whose server is killed, or away. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { FileStore } from '@blindpost/client/stores/file';
import { freePort } from '@blindpost/testbed/ports';
import { type ServerOptions, startServer, type TestServer } from '@blindpost/testbed/server';
import { Chats } from './chats.js';
import { until } from './people.js';

const MESSAGES = 200;
const VIAS = ['relay', 'e2ee'] as const;

let folder: string;
const servers: TestServer[] = [];
const chats = new Chats();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-chat-'));
});
after(async () => {
  await chats.close();
  await Promise.all(servers.map((server) => server.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(env: ServerOptions['env'] = {}): Promise<TestServer> {
  const server = await startServer({ services: ['relay', 'e2ee'], env });
  servers.push(server);
  return server;
}

const texts = (messages: readonly { text: string }[]) => messages.map(({ text }) => text);
const plain = (count: number) => Array.from({ length: count }, (_, n) => `${n}`);

for (const via of VIAS) {
  describe(`chats by ${via}`, () => {
    test(`${MESSAGES} texts each way through a server killed twice: each arrives once`, async () => {
      const env = { PORT: String(await freePort()), DATA_DIR: join(folder, `killed-${via}`) };
      let server = await start(env);
      const people = [await chats.open(server.url, { via }), await chats.open(server.url, { via })] as const;
      const [anna, ben] = people;
      const sending = people.map(async ({ chat }) => {
        const to = chat === anna.chat ? ben.chat : anna.chat;
        for (const text of plain(MESSAGES)) await chat.send(to.address, text);
      });
      for (const part of [1 / 4, 1 / 2]) {
        await until(() => people.every(({ got }) => got.length >= MESSAGES * part));
        await server.kill();
        server = await start(env);
      }
      await Promise.all(sending);
      await until(() => people.every(({ got }) => got.length >= MESSAGES));
      await until(() =>
        people.every(({ states }) => states.filter(({ state }) => state === 'received').length >= MESSAGES),
      );
      for (const { got } of people) {
        // The relay forgets what it had not handed over; that is sent again, behind what came meanwhile.
        const order = via === 'e2ee' ? texts(got) : texts(got).sort((a, b) => Number(a) - Number(b));
        assert.deepEqual(order, plain(MESSAGES));
      }
      // A relay that lost its memory has the keys of both again: a stranger can begin.
      const carl = await chats.open(server.url, { via });
      for (const { chat, got } of people) {
        await carl.chat.send(chat.address, 'hello');
        await until(() => got.at(-1)?.text === 'hello');
      }
    });

    test('what could not be sent goes in the next life of the store, in order', async () => {
      const env = { PORT: String(await freePort()), DATA_DIR: join(folder, `away-${via}`) };
      let server = await start(env);
      const ben = await chats.open(server.url, { via });
      const path = join(folder, `anna-${via}`);
      const anna = await chats.open(server.url, { via, store: await FileStore.open(path) });
      await anna.chat.send(ben.chat.address, '0');
      await until(() => anna.states.some(({ state }) => state === 'received'));
      await server.kill();
      for (const text of plain(10).slice(1)) await anna.chat.send(ben.chat.address, text);
      await anna.chat.close();
      const later = await chats.open(server.url, { via, store: await FileStore.open(path), offline: true });
      assert.equal(later.chat.address, anna.chat.address);
      assert.deepEqual(texts(await later.chat.history(ben.chat.address)), plain(10));
      await later.chat.send(ben.chat.address, '10');
      server = await start(env);
      await until(() => ben.got.length === 11);
      assert.deepEqual(texts(ben.got), plain(11));
      await until(() => later.states.filter(({ state }) => state === 'received').length === 10);
    });

    test('a full outbox refuses, and what is in it arrives', async () => {
      const env = { PORT: String(await freePort()), DATA_DIR: join(folder, `full-${via}`) };
      let server = await start(env);
      const ben = await chats.open(server.url, { via });
      const anna = await chats.open(server.url, { via, outbox: 5 });
      await anna.chat.send(ben.chat.address, 'hello');
      await until(() => ben.got.length === 1);
      await anna.chat.flush();
      await server.kill();
      for (const text of plain(5)) await anna.chat.send(ben.chat.address, text);
      await assert.rejects(anna.chat.send(ben.chat.address, 'more'), { code: 'outbox_full' });
      assert.equal((await anna.chat.history(ben.chat.address)).length, 6);
      server = await start(env);
      await anna.chat.flush();
      await anna.chat.send(ben.chat.address, 'more');
      await until(() => ben.got.length === 7);
      assert.deepEqual(texts(ben.got), ['hello', ...plain(5), 'more']);
    });
  });
}
