import { randomBytes } from 'node:crypto';
import { after, describe } from 'node:test';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import { AesSealer } from '../../../platform/secrets/sealer.js';
import { aliasRules } from './contract/aliases.js';
import { type Bench, LIMITS } from './contract/bench.js';
import { bundleRules } from './contract/bundles.js';
import { burnRules } from './contract/burning.js';
import { grantRules } from './contract/grants.js';
import { lifetimeRules } from './contract/lifetimes.js';
import { mailboxRules } from './contract/mailboxes.js';
import { nicknameRules } from './contract/nicknames.js';
import { raceRules } from './contract/races.js';
import { sessionRules } from './contract/sessions.js';
import { MemoryRelayStore } from './memory/index.js';

const RULES = {
  sessions: sessionRules,
  bundles: bundleRules,
  nicknames: nicknameRules,
  aliases: aliasRules,
  mailboxes: mailboxRules,
  grants: grantRules,
  burning: burnRules,
  lifetimes: lifetimeRules,
  races: raceRules,
};

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const scaled = (times: number): number => Math.max(1, Math.round(times * SCALE));

describe('relay store in memory', () => {
  const clock = new ManualClock();
  const sealer = new AesSealer(randomBytes(32));
  let store: MemoryRelayStore | null = null;
  after(() => store?.close());
  const bench: Bench = {
    adapter: 'memory',
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
