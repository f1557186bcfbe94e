import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { ackRules } from './contract/acks.js';
import type { Bench } from './contract/bench.js';
import { connect } from './contract/connect.js';
import { erasureRules } from './contract/erasures.js';
import { keyRules } from './contract/keys.js';
import { placeRules } from './contract/places.js';
import { replayRules } from './contract/replays.js';
import { scheduleRules } from './contract/schedules.fixture.js';
import { sweepRules } from './contract/sweeps.js';
import { talkRules } from './contract/talks.js';

const RULES = {
  places: placeRules,
  replays: replayRules,
  acks: ackRules,
  sweeps: sweepRules,
  erasures: erasureRules,
  keys: keyRules,
  talks: talkRules,
  schedules: scheduleRules,
};
const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const scaled = (times: number): number => Math.max(1, Math.round(times * SCALE));
const SERVERS = 4;

function contract(open: Bench['open']): void {
  for (const [topic, rules] of Object.entries(RULES)) describe(topic, () => rules({ open, scaled }));
}

describe('e2ee store on SQLite', () => {
  let directory = '';
  let places = 0;
  before(async () => {
    directory = await temporaryDirectory('e2ee-store');
  });
  after(() => removeDirectory(directory));
  contract(async () => [await connect({ DB_PATH: join(directory, `${places++}.db`) })]);
});

describe('e2ee store on PostgreSQL', { skip: await postgresMissing() }, () => {
  let server: PostgresServer;
  before(async () => {
    server = await startPostgres();
  });
  after(() => server.stop());
  contract(async () => {
    const DATABASE_URL = await server.freshDatabase();
    // The first one makes the tables; the others find them.
    return Promise.all(Array.from({ length: SERVERS }, () => connect({ DATABASE_URL })));
  });
});
