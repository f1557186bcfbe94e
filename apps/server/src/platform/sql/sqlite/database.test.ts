import assert from 'node:assert/strict';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { StartRefused } from '../../start-refused.js';
import { Unavailable } from '../../unavailable.js';
import { append, count, endThread } from '../contract/notes.fixture.js';
import { note, openAt } from '../contract/places.fixture.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const MIB = 2 ** 20;

let directory: string;
before(async () => {
  directory = await temporaryDirectory('sqlite');
});
after(() => removeDirectory(directory));

test('the file, its log and its lock are for their owner alone, also when the file was not', async () => {
  const path = join(directory, 'folder', 'owned.db');
  for (const round of [1, 2]) {
    const database = await openAt(path);
    await database.write(append, note());
    for (const file of [path, `${path}-wal`, `${path}-shm`, `${path}.lock`]) {
      assert.equal(statSync(file).mode & 0o777, 0o600, `${file} in round ${round}`);
    }
    await database.close();
    chmodSync(path, 0o644);
  }
  assert.equal(statSync(join(directory, 'folder')).mode & 0o777, 0o700);
});

test('a second server on the file is refused until the first has closed', async () => {
  const path = join(directory, 'claimed.db');
  const first = await openAt(path);
  for (let attempt = 0; attempt < 3; attempt++) {
    await assert.rejects(openAt(path), (error) => {
      assert.ok(error instanceof StartRefused);
      assert.match(error.message, /claimed\.db .*in use/);
      return true;
    });
  }
  await first.write(append, note());
  await first.close();
  const second = await openAt(path);
  assert.equal((await second.read(count, 0)).before, 1);
  await second.close();
});

test('a file that is no database is refused and left as it is, and can be claimed again', async () => {
  const path = join(directory, 'letter.db');
  writeFileSync(path, 'Dear reader, this is no database at all.'.repeat(50));
  const size = statSync(path).size;
  for (let attempt = 0; attempt < 2; attempt++) await assert.rejects(openAt(path), StartRefused);
  assert.equal(statSync(path).size, size);
});

test('under 1,600 MiB of writing, with a reader that never rests, the log stays under 96 MiB', async () => {
  const path = join(directory, 'log.db');
  const database = await openAt(path);
  const text = 'x'.repeat(16 * 1024);
  const total = Math.max(200, 1_600 * SCALE) * 64;
  let written = 0;
  let longest = 0;
  let writing = true;
  const writers = Array.from({ length: 64 }, async () => {
    while (written < total) {
      written++;
      await database.write(append, note(text));
      if (written % 64 === 0) longest = Math.max(longest, statSync(`${path}-wal`).size);
    }
  });
  const reader = (async () => {
    while (writing) await database.read(count, 2);
  })();
  await Promise.all(writers);
  writing = false;
  await reader;
  assert.ok(longest < 96 * MIB, `${longest} bytes`);
  await database.close();
  // Everything is in the file itself in the end.
  assert.throws(() => statSync(`${path}-wal`), { code: 'ENOENT' });
  const again = await openAt(path);
  assert.equal((await again.read(count, 0)).before, total);
  await again.close();
});

test('when the thread that writes ends, writes are Unavailable, reads go on, and the file is let go', async () => {
  const path = join(directory, 'thread.db');
  const database = await openAt(path);
  await database.write(append, note());
  await assert.rejects(database.write(endThread, null), Unavailable);
  await assert.rejects(database.write(append, note()), Unavailable);
  assert.equal(database.healthy(), false);
  assert.equal((await database.read(count, 0)).before, 1);
  await database.close();
  const again = await openAt(path);
  assert.equal((await again.read(count, 0)).before, 1);
  await again.close();
});
