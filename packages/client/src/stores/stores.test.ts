import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import fc from 'fast-check';
import { CONTRACT, type Stage, type Step, walk } from './contract.fixture.js';
import { FileStore } from './file/node.js';
import { MemoryStore } from './memory.js';

const SCALE = Number(process.env.TEST_SCALE ?? '1');
const folder = await temporaryDirectory('stores');
after(() => removeDirectory(folder));

const path = (name: string) => join(folder, name);
const STAGES: Record<string, Stage> = {
  memory: { open: async () => new MemoryStore(), durable: false },
  file: { open: (name) => FileStore.open(path(name)), durable: true },
};

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é'), maxLength: 3 });
const change = fc.record({ key, value: fc.option(fc.uint8Array({ maxLength: 8 })) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ commit: fc.array(change, { maxLength: 5 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      list: key,
      options: fc.record({ after: key, limit: fc.nat(4), reverse: fc.boolean() }, { requiredKeys: [] }),
    }),
  },
  { weight: 1, arbitrary: fc.constant('again' as const) },
);

for (const [adapter, stage] of Object.entries(STAGES)) {
  describe(`the ${adapter} store`, () => {
    Object.entries(CONTRACT).forEach(([rule, holds], n) => {
      test(rule, () => holds(stage, `rule${n}`));
    });

    test('it behaves as a sorted map that is closed and opened', async () => {
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), (steps) => {
          run += 1;
          return walk(stage, `walk${run}`, steps);
        }),
        { numRuns: Math.max(20, 100 * SCALE) },
      );
    });
  });
}

const row = (name: string, ...bytes: number[]) => ({ key: name, value: Uint8Array.from(bytes) });

test('wherever a crash tears the file, the commits before it are there and none is there in part', async () => {
  const store = await FileStore.open(path('torn'));
  const ends: number[] = [];
  for (let n = 0; n < 5; n++) {
    await store.commit([row('n', n), row(`a${n}`, n), row(`b${n}`, n)]);
    ends.push((await stat(path('torn'))).size);
  }
  await store.close();
  const whole = await readFile(path('torn'));
  const start = (ends[0] ?? 0) - ((ends[1] ?? 0) - (ends[0] ?? 0));
  for (let size = start; size <= whole.length; size += 1 + Math.floor(3 / SCALE)) {
    await writeFile(path('cut'), whole);
    await truncate(path('cut'), size);
    // What a file system may leave of an end that it had no time for.
    await truncate(path('cut'), size + (size % 2) * 20);
    const cut = await FileStore.open(path('cut'));
    const commits = ends.filter((end) => end <= size).length;
    assert.equal((await cut.list('a')).length, commits);
    assert.equal((await cut.list('b')).length, commits);
    await cut.commit([row('again', 1)]);
    await cut.close();
    const again = await FileStore.open(path('cut'));
    assert.deepEqual(await again.get('n'), commits === 0 ? undefined : Uint8Array.of(commits - 1));
    assert.deepEqual(await again.get('again'), Uint8Array.of(1));
    await again.destroy();
  }
});

test('a file that is damaged, or is another, is refused and stays as it is', async () => {
  const store = await FileStore.open(path('damaged'));
  for (let n = 0; n < 3; n++) await store.commit([row('key', n)]);
  await store.close();
  const whole = await readFile(path('damaged'));
  for (const at of [0, 40]) {
    const changed = Uint8Array.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path('damaged'), changed);
    await assert.rejects(FileStore.open(path('damaged')), { code: 'store_broken' });
    assert.deepEqual(new Uint8Array(await readFile(path('damaged'))), changed);
  }
});

test('a commit that the disk has no room for is refused whole, and what is there stays readable', async () => {
  const module = new URL('./file/node.js', import.meta.url).href;
  // A limit on the size of files takes as much of a write as fits, as a full disk does.
  const program = `const { FileStore } = await import(${JSON.stringify(module)});
    process.on('SIGXFSZ', () => {});
    const store = await FileStore.open(${JSON.stringify(path('full'))});
    const codes = [];
    for (const [key, size] of [['a', 100], ['b', 20_000], ['c', 100]]) {
      const code = await store.commit([{ key, value: new Uint8Array(size) }]).then(() => 'ok', ({ code }) => code);
      codes.push(code);
    }
    await store.close();
    console.log(codes.join());`;
  const child = spawn(
    'sh',
    ['-c', 'ulimit -f 16; exec "$0" --input-type=module -e "$1"', process.execPath, program],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const [codes] = await once(child.stdout, 'data');
  await once(child, 'exit');
  assert.equal(String(codes).trim(), 'ok,store_failed,ok');
  const store = await FileStore.open(path('full'));
  assert.deepEqual(
    (await store.list('')).map(([key]) => key),
    ['a', 'c'],
  );
  await store.close();
});

test('the file is for its owner alone, and does not grow for ever', async () => {
  const store = await FileStore.open(path('large'));
  assert.equal((await stat(path('large'))).mode & 0o777, 0o600);
  const value = new Uint8Array(64 * 1024).fill(1);
  for (let n = 0; n < 40; n++) await store.commit([{ key: 'key', value }]);
  assert.ok((await stat(path('large'))).size < 1.5 * 1024 * 1024);
  await store.close();
  const again = await FileStore.open(path('large'));
  assert.deepEqual(await again.get('key'), value);
  assert.equal((await stat(path('large'))).mode & 0o777, 0o600);
  await again.close();
});

test('two names of one file are one store', async () => {
  const store = await FileStore.open(path('named'));
  await symlink(path('named'), path('link'));
  await symlink(folder, path('folder'));
  for (const name of ['link', 'folder/named']) {
    await assert.rejects(FileStore.open(path(name)), { code: 'store_locked' });
  }
  await store.close();
  const linked = await FileStore.open(path('link'));
  await linked.commit([row('a', 1)]);
  await linked.close();
  const again = await FileStore.open(path('named'));
  assert.deepEqual(await again.get('a'), Uint8Array.of(1));
  await again.close();
});

test('another process is refused while the first lives, and not after it was killed', async () => {
  const module = new URL('./file/node.js', import.meta.url).href;
  const program = `const { FileStore } = await import(${JSON.stringify(module)});
    const store = await FileStore.open(${JSON.stringify(path('shared'))});
    await store.commit([{ key: 'a', value: new Uint8Array([1]) }]);
    console.log('open');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  await assert.rejects(FileStore.open(path('shared')), { code: 'store_locked' });
  child.kill('SIGKILL');
  await once(child, 'exit');
  // Of many that come at once, one has it.
  const opened = await Promise.allSettled(Array.from({ length: 8 }, () => FileStore.open(path('shared'))));
  const stores = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  assert.equal(stores.length, 1);
  assert.deepEqual(await stores[0]?.get('a'), Uint8Array.of(1));
  await stores[0]?.close();
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('shared.')),
    [],
  );
});
