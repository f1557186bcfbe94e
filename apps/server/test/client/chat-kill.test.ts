/** Chats whose process is killed: nothing is lost, doubled, or encrypted twice under one key. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FileStore } from '@blindpost/client/stores/file';
import { IdentityKeys } from '@blindpost/session';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import type { Plan } from './chat.program.js';
import { Chats, RecordingStore, ratchetHeader } from './chats.js';
import { until } from './people.js';

const PROGRAM = fileURLToPath(new URL('./chat.program.js', import.meta.url));
const COUNT = 60;
const KILLS = 5;

let folder: string;
let server: TestServer;
const chats = new Chats();
const children = new Set<ChildProcess>();

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-chat-kill-'));
  server = await startServer({ services: ['relay', 'e2ee'] });
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await chats.close();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const plain = Array.from({ length: COUNT }, (_, n) => `${n}`);

/** Starts the program and answers it with its address. */
async function life(plan: Plan): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  const { value } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  return { child, address: String(value) };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  children.delete(child);
}

function logged(log: string, kind: 'sealed' | 'text'): string[] {
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => line.startsWith(kind)).map((line) => line.slice(kind.length + 1));
}

for (const via of ['relay', 'e2ee'] as const) {
  test(`by ${via}: a sender killed ${KILLS} times loses and doubles nothing and uses no key twice`, async () => {
    const store = new RecordingStore();
    const ben = await chats.open(server.url, { via, store });
    const log = join(folder, `sender-${via}.log`);
    const plan = {
      url: server.url,
      via,
      store: join(folder, `sender-${via}`),
      log,
      to: ben.chat.address,
      count: COUNT,
    };
    let current = life(plan);
    for (let n = 1; n <= KILLS; n++) {
      // Some are killed as soon as they have committed, others when the peer has it.
      const goal = Math.floor((COUNT * n) / (KILLS + 1));
      await until(() => logged(log, 'sealed').length >= goal && (n % 2 === 0 || ben.got.length >= goal / 2));
      await kill((await current).child);
      current = life(plan);
    }
    await until(() => ben.got.length >= COUNT);
    const { child, address } = await current;
    await ben.chat.send(address, 'end');
    await until(() => logged(log, 'text').includes('end'));
    await kill(child);
    assert.deepEqual(
      ben.got.map(({ text }) => text),
      plain,
    );
    const secret = await store.get('identity');
    assert.ok(secret !== undefined);
    const keys = IdentityKeys.fromSecret(secret);
    // What was encrypted and not committed nobody has seen; whatever may have been sent is in the log.
    const sealed = new Set(logged(log, 'sealed'));
    assert.ok(sealed.size >= COUNT);
    const headers = [...sealed].map((hex) => ratchetHeader(keys, Buffer.from(hex, 'hex')));
    assert.equal(new Set(headers).size, sealed.size);
    assert.deepEqual(ben.errors, []);
  });

  test(`by ${via}: a recipient killed ${KILLS} times gets everything, and keeps everything once`, async () => {
    const anna = await chats.open(server.url, { via });
    const log = join(folder, `recipient-${via}.log`);
    const plan = { url: server.url, via, store: join(folder, `recipient-${via}`), log };
    let { child, address } = await life(plan);
    const sending = (async () => {
      for (const text of plain) await anna.chat.send(address, text);
    })();
    for (let n = 1; n <= KILLS; n++) {
      await until(() => new Set(logged(log, 'text')).size >= Math.floor((COUNT * n) / (KILLS + 1)));
      await kill(child);
      ({ child, address } = await life(plan));
    }
    await sending;
    await until(() => new Set(logged(log, 'text')).size === COUNT);
    await until(() => anna.states.filter(({ state }) => state === 'received').length === COUNT);
    await kill(child);
    const handled = logged(log, 'text').map(Number);
    // Given again after a crash, the one that was in the handler's hands; never out of order.
    assert.ok(handled.length <= COUNT + KILLS);
    assert.ok(
      handled.every((n, at) => at === 0 || n === handled[at - 1] || n === (handled[at - 1] ?? 0) + 1),
    );
    const store = await FileStore.open(plan.store);
    const kept = (await store.list('message/')).map(([, value]) =>
      JSON.parse(new TextDecoder().decode(value)),
    );
    assert.deepEqual(
      kept.map(({ text }) => text),
      plain,
    );
    await store.close();
    assert.deepEqual(anna.errors, []);
  });
}
