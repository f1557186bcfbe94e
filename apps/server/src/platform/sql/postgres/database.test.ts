import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { StartRefused } from '../../start-refused.js';
import { Unavailable } from '../../unavailable.js';
import { advanceBoth, append, count, counter, find, listing, writerPid } from '../contract/notes.fixture.js';
import { note, openAt } from '../contract/places.fixture.js';

describe('database on a PostgreSQL that fails or is shared', { skip: await postgresMissing() }, () => {
  let postgres: PostgresServer;
  before(async () => {
    postgres = await startPostgres({ settings: ['deadlock_timeout=50ms'] });
  });
  after(() => postgres.stop());

  test('two servers that deadlock are both served: the one that lost tries again', async () => {
    const url = await postgres.freshDatabase();
    const servers = [await openAt(url), await openAt(url)] as const;
    for (let round = 1; round <= 3; round++) {
      await Promise.all([servers[0].write(advanceBoth, [2, 3]), servers[1].write(advanceBoth, [3, 2])]);
      assert.equal(await servers[0].read(counter, 2), 2 * round);
      assert.equal(await servers[1].read(counter, 3), 2 * round);
    }
    for (const server of servers) await server.close();
  });

  test('two servers that number from one counter leave no gap and use no number twice', async () => {
    const url = await postgres.freshDatabase();
    const servers = [await openAt(url), await openAt(url)] as const;
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => servers[index % 2 === 0 ? 0 : 1].write(append, note())),
    );
    const rows = await servers[0].read(listing, null);
    assert.deepEqual(
      rows.map(({ sequence }) => sequence),
      Array.from({ length: 200 }, (_, index) => index + 1),
    );
    for (const server of servers) await server.close();
  });

  test('killed under load it is Unavailable, and after its restart it works with all that was answered', async () => {
    const database = await openAt(await postgres.freshDatabase(), { beatMs: 50 });
    const answered: Uint8Array[] = [];
    const writers = Array.from({ length: 8 }, async () => {
      for (;;) {
        const written = note();
        try {
          await database.write(append, written);
        } catch (error) {
          assert.ok(error instanceof Unavailable);
          return;
        }
        answered.push(written.id);
      }
    });
    while (answered.length < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    await postgres.kill();
    await Promise.all(writers);
    await until(() => !database.healthy());
    await assert.rejects(database.write(append, note()), Unavailable);
    await assert.rejects(database.read(count, 0), Unavailable);
    await postgres.restart();
    await until(() => database.healthy());
    const after = note();
    await database.write(append, after);
    for (const id of [...answered, after.id]) assert.notEqual(await database.read(find, id), null);
    await database.close();
  });

  test('connections that the server drops while they rest are made again unseen', async () => {
    const url = await postgres.freshDatabase();
    const database = await openAt(url, { beatMs: 60_000 });
    await database.write(append, note());
    await database.read(count, 0);
    await postgres.restart();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await database.write(append, note())).sequence, 2);
    assert.equal((await database.read(count, 0)).before, 2);
    await database.close();
  });

  test('a server that hangs is Unavailable, and healthy again when it wakes', async () => {
    const database = await openAt(await postgres.freshDatabase(), { patienceMs: 500, beatMs: 50 });
    await database.write(append, note());
    const hung = await database.write(writerPid, null);
    process.kill(hung, 'SIGSTOP');
    // With the postmaster held as well there are no new connections either.
    process.kill(postgres.pid, 'SIGSTOP');
    await assert.rejects(database.write(append, note()), Unavailable);
    await until(() => !database.healthy());
    process.kill(postgres.pid, 'SIGCONT');
    process.kill(hung, 'SIGCONT');
    await until(() => database.healthy());
    await database.write(append, note());
    await database.close();
  });

  test('a database that does not exist refuses the start, a server that is away is Unavailable', async () => {
    await assert.rejects(openAt(postgres.url.replace(/postgres$/, 'nowhere')), (error) => {
      assert.ok(error instanceof StartRefused);
      assert.match(error.message, /DATABASE_URL/);
      return true;
    });
    await assert.rejects(openAt('postgres://blindpost@127.0.0.1:1/nowhere'), Unavailable);
  });
});

/** Waits for a state that must come; the runner's time limit is the guard. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
