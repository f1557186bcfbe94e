import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { type Databases, postgresMissing, sharedPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import type { Database } from '../../../platform/sql/database.js';
import type { Bench, Place } from './contract/bench.js';
import { bookRules } from './contract/books.js';
import { connect } from './contract/connect.js';
import { crashRules } from './contract/crashes.js';
import { lockRules } from './contract/locks.js';
import { moneyRules } from './contract/money.js';
import { outboxRules } from './contract/outbox.js';
import { roundRules } from './contract/rounds.js';
import { serverRules } from './contract/servers.js';
import { wipe } from './contract/wipe.js';

const RULES = {
  rounds: roundRules,
  locks: lockRules,
  money: moneyRules,
  outbox: outboxRules,
  books: bookRules,
  servers: serverRules,
  crashes: crashRules,
};
const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const scaled = (times: number): number => Math.max(1, Math.round(times * SCALE));

/** Runs all rules at databases of one kind. */
function contract(servers: number, place: () => Promise<Place>): void {
  let shared: Promise<Database> | null = null;
  after(async () => (await shared)?.close());
  const bench: Bench = {
    async database() {
      shared ??= place().then(connect);
      const database = await shared;
      await database.write(wipe, null);
      return database;
    },
    place,
    servers,
    scaled,
  };
  for (const [topic, rules] of Object.entries(RULES)) describe(topic, () => rules(bench));
}

describe('pool store on SQLite', () => {
  let directory = '';
  let places = 0;
  before(async () => {
    directory = await temporaryDirectory('pool-store');
  });
  after(() => removeDirectory(directory));
  contract(1, async () => ({ kind: 'sqlite', path: join(directory, `${places++}.db`) }));
});

describe('pool store on PostgreSQL', { skip: await postgresMissing() }, () => {
  let server: Databases;
  before(async () => {
    server = await sharedPostgres();
  });
  after(() => server.stop());
  contract(4, async () => ({ kind: 'postgres', url: await server.freshDatabase() }));
});
