import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Databases, postgresMissing, sharedPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { sql } from 'kysely';
import { defineCommand } from '../../../platform/sql/command.js';
import type { Bench } from './contract/bench.js';
import { connect } from './contract/connect.js';
import { Desk } from './contract/desk.js';
import { nullifierRules } from './contract/nullifiers.js';
import { registryRules } from './contract/registry.js';

const RULES = { registry: registryRules, nullifiers: nullifierRules };

/** Has PostgreSQL believe in so many nullifiers. */
const pretend = defineCommand<unknown, number, null>(import.meta.url, 'pretend', async ({ db }, inputs) => {
  for (const rows of inputs) {
    await sql`update pg_class set reltuples = ${rows} where relname = 'identity_nullifiers'`.execute(db);
  }
  return inputs.map(() => null);
});

function contract(bench: Bench): void {
  for (const [topic, rules] of Object.entries(RULES)) describe(topic, () => rules(bench));
}

describe('identity store on SQLite', () => {
  let directory = '';
  let places = 0;
  before(async () => {
    directory = await temporaryDirectory('identity-store');
  });
  after(() => removeDirectory(directory));
  contract({ open: async () => [await connect({ DB_PATH: join(directory, `${places++}.db`) })] });
});

describe('identity store on PostgreSQL', { skip: await postgresMissing() }, () => {
  let server: Databases;
  before(async () => {
    server = await sharedPostgres();
  });
  after(() => server.stop());
  contract({
    async open() {
      const DATABASE_URL = await server.freshDatabase();
      // The first one makes the tables; the others find them.
      return Promise.all(Array.from({ length: 2 }, () => connect({ DATABASE_URL })));
    },
  });

  test('few rows are counted, and of more than can be counted in time the estimate is taken', async () => {
    const db = await connect({ DATABASE_URL: await server.freshDatabase() });
    const desk = new Desk(db);
    for (const [estimate, told] of [
      [-1, 0],
      [1_000_000, 0],
      [50_000_000, 50_000_000],
    ] as const) {
      await db.write(pretend, estimate);
      assert.equal((await desk.census()).nullifiers, told);
    }
    await db.close();
  });
});
