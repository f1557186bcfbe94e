import { randomBytes } from 'node:crypto';
import { after, before, describe } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { RedisConnection } from '../../../platform/redis/connection.js';
import { AesSealer } from '../../../platform/secrets/sealer.js';
import { aliasRules } from './contract/aliases.js';
import { type Bench, LIMITS } from './contract/bench.js';
import { bundleRules } from './contract/bundles.js';
import { burnRules } from './contract/burning.js';
import { claimRules } from './contract/claiming.js';
import { grantRules } from './contract/grants.js';
import { lifetimeRules } from './contract/lifetimes.js';
import { mailboxRules } from './contract/mailboxes.js';
import { nicknameRules } from './contract/nicknames.js';
import { raceRules } from './contract/races.js';
import { dumpRedis } from './contract/redis-dump.js';
import { sessionRules } from './contract/sessions.js';
import { MemoryRelayStore } from './memory/index.js';
import { RELAY_LIBRARY, RedisRelayStore } from './redis/index.js';

const RULES = {
  sessions: sessionRules,
  bundles: bundleRules,
  nicknames: nicknameRules,
  aliases: aliasRules,
  mailboxes: mailboxRules,
  grants: grantRules,
  burning: burnRules,
  claiming: claimRules,
  lifetimes: lifetimeRules,
  races: raceRules,
};
const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const scaled = (times: number): number => Math.max(1, Math.round(times * SCALE));
const sealer = new AesSealer(randomBytes(32));

describe('relay store in memory', () => {
  const clock = new ManualClock();
  let store: MemoryRelayStore | null = null;
  after(() => store?.close());
  const bench: Bench = {
    async open(limits) {
      await store?.close();
      store = new MemoryRelayStore({ ...LIMITS, ...limits }, sealer, clock, systemRandom);
      return store;
    },
    elapse: async (ms) => clock.advance(ms),
    scaled,
    now: () => clock.now(),
    dump: async () => store?.snapshot() ?? '',
  };
  for (const [topic, rules] of Object.entries(RULES)) describe(topic, () => rules(bench));
});

// In cluster mode Redis refuses a call whose keys lie in different slots.
describe('relay store on Redis in cluster mode', { skip: await redisMissing() }, () => {
  let server: RedisServer;
  let redis: RedisConnection;
  let store: RedisRelayStore | null = null;
  before(async () => {
    server = await startRedis({ args: ['--cluster-enabled', 'yes'] });
    redis = await RedisConnection.open({ url: server.url, libraries: [RELAY_LIBRARY] });
    await redis.send(['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    while (!/cluster_state:ok/.test(String(await redis.send(['CLUSTER', 'INFO'])))) await setTimeout(20);
  });
  after(async () => {
    await store?.close();
    await redis.close();
    await server.stop();
  });
  const bench: Bench = {
    async open(limits) {
      await store?.close();
      await redis.send(['FLUSHALL']);
      store = await RedisRelayStore.open(redis, { ...LIMITS, ...limits }, sealer, systemRandom);
      return store;
    },
    elapse: (ms) => setTimeout(ms),
    scaled,
    now: () => Date.now(),
    dump: () => dumpRedis(redis),
  };
  for (const [topic, rules] of Object.entries(RULES)) describe(topic, () => rules(bench));
});
