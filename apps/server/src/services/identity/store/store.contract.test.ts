import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { type Databases, postgresMissing, sharedPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import type { Bench } from './contract/bench.js';
import { connect } from './contract/connect.js';
import { nullifierRules } from './contract/nullifiers.js';
import { registryRules } from './contract/registry.js';

const RULES = { registry: registryRules, nullifiers: nullifierRules };

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
});
