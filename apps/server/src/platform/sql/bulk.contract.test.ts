import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { changeAll } from './contract/bulk.fixture.js';
import * as notes from './contract/notes.fixture.js';
import { note, openAt } from './contract/places.fixture.js';
import type { Database } from './database.js';

function contract(place: () => Promise<string>): void {
  let db: Database;
  before(async () => {
    db = await openAt(await place());
  });
  after(() => db.close());

  test('no parameters are no statement', async () => {
    assert.deepEqual(await db.write(changeAll, []), []);
  });

  test('each set of parameters finds its own row, and the rows of all come back', async () => {
    const made = Array.from({ length: 300 }, (_, at) => note(`${at}`, at));
    const first = await Promise.all(made.map((one) => db.write(notes.append, one)));
    const changes = made.map(({ id }, at) => ({
      id,
      text: at % 3 === 0 ? null : `'"\\{},💡 ${at}`,
      amount: 1_000 - at,
    }));
    const told = await db.write(changeAll, [...changes, { ...note(), text: 'nobody', amount: 1 }]);
    assert.deepEqual(
      told.sort((a, b) => a - b),
      first.map(({ sequence }) => sequence).sort((a, b) => a - b),
    );
    for (const { id, text, amount } of changes) {
      const stored = await db.read(notes.find, id);
      assert.deepEqual([stored?.text, stored?.amount], [text, amount]);
    }
  });

  test('numbers keep all their digits', async () => {
    const one = note('x', 0);
    await db.write(notes.append, one);
    for (const amount of [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER]) {
      await db.write(changeAll, [{ id: one.id, text: '', amount }]);
      assert.equal((await db.read(notes.find, one.id))?.amount, amount);
    }
  });
}

describe('statements in bulk on SQLite', () => {
  let directory = '';
  before(async () => {
    directory = await temporaryDirectory('sql-bulk');
  });
  after(() => removeDirectory(directory));
  contract(async () => join(directory, 'bulk.db'));
});

describe('statements in bulk on PostgreSQL', { skip: await postgresMissing() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());
  contract(() => server.freshDatabase());
});
