import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import * as fc from 'fast-check';
import { systemClock } from '../../../platform/clock.js';
import { systemRandom } from '../../../platform/random.js';
import { RedisConnection } from '../../../platform/redis/connection.js';
import { AesSealer } from '../../../platform/secrets/sealer.js';
import { LIMITS } from './contract/bench.js';
import { ModelStore } from './contract/model.js';
import { MemoryRelayStore } from './memory/index.js';
import { RELAY_LIBRARY, RedisRelayStore } from './redis/index.js';
import type { NewMessage, Owner, RelayStore } from './store.js';

const RUNS = Math.max(1, Math.round(2_000 * Number(process.env.TEST_SCALE ?? 0.05)));
const LIMITED = {
  ...LIMITS,
  mailboxMessages: 4,
  mailboxBytes: 1_000,
  sessions: 2,
  nicknames: 1,
  aliases: 2,
  grants: 1,
};
const CAPS = { perRequester: 3, perTarget: 6, windowMs: 3_600_000 };
const SESSION_END = Date.now() + 24 * 3_600_000;

/** One verb with its arguments; answers what a store says to it, in a form without order or chance. */
type Step = { says: string; run(store: RelayStore): Promise<unknown> };

const step = <T extends unknown[]>(
  verb: string,
  args: { [K in keyof T]: fc.Arbitrary<T[K]> },
  run: (store: RelayStore, ...args: T) => Promise<unknown>,
): fc.Arbitrary<Step> =>
  fc.tuple<T>(...args).map((values) => ({
    says: `${verb}(${fc.stringify(values)})`,
    run: (store) => run(store, ...values),
  }));

// Few names, so that verbs meet; some are identities and aliases at once.
const name = fc.constantFrom('aa', 'bb').map((short) => short.repeat(32));
const alias = fc.constantFrom('aa', 'bb', 'dd', 'ee').map((short) => short.repeat(32));
const nickname = fc.constantFrom('11', '22').map((short) => short.repeat(32));
const by = fc.constantFrom('work', 'key');
const token = fc.constantFrom('f1', 'f2', 'f3').map((short) => short.repeat(32));
const sender = fc.constantFrom('s1', 's2', 's3');
const salt = fc.constantFrom('00000000000000aa', '00000000000000bb');
const preKeys = fc.array(
  fc
    .constantFrom('k1', 'k2', 'k3', 'k4')
    .map((fingerprint) => ({ fingerprint, record: `record ${fingerprint}` })),
  { maxLength: 4 },
);
const message: fc.Arbitrary<NewMessage> = fc.record({
  kind: fc.constantFrom('text', 'binary'),
  type: fc.constantFrom('msg', 'sealed_message'),
  payload: fc.constantFrom(0, 1, 100, 300).map((length) => Buffer.alloc(length, 255)),
  sender,
  salt,
});
const ids = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 8 }), salt)
    .map(([at, suffix]) => at.toString(16).padStart(16, '0') + suffix),
  { maxLength: 6 },
);
const small = fc.nat({ max: 6 });
// Around what one, two or three of these messages are charged with.
const room = fc.constantFrom(0, 131, 132, 262, 263, 394, 900);
const bool = fc.boolean();
// Sockets whose record is gone are fewer than those that live.
const stale = fc.nat({ max: 5 }).map((chance) => chance === 0);
const owner = async (store: RelayStore, who: string, late: boolean): Promise<Owner> => {
  const standing = late ? null : await store.standing(who);
  return { name: who, generation: standing?.generation ?? '0000000000000000' };
};
/** Its generation is chance. */
const anyGeneration = async (answer: Promise<object | string | null>) => {
  const said = await answer;
  return said !== null && typeof said === 'object' ? { ...said, generation: 'some' } : said;
};
const sorted = async (answer: Promise<string[]>) => (await answer).sort();

/** Verbs that bear on each other. A run takes one or two of these, which goes deeper than all at once. */
const THEMES = [
  [
    step('admit', [name, by, token], (store, who, how, tokenHash) =>
      anyGeneration(store.admit(who, { by: how, tokenHash, expiresAt: SESSION_END })),
    ),
    step('resume', [name, token], (store, who, tokenHash) => anyGeneration(store.resume(who, tokenHash))),
    step('standing', [name], (store, who) => anyGeneration(store.standing(who))),
    step('own', [name], (store, who) => store.own(who)),
    step('isOwned', [alias], (store, who) => store.isOwned(who)),
  ],
  [
    step('putBundle', [name, preKeys, bool], (store, who, keys, shown) =>
      store.putBundle(who, {
        sealed: `of ${who}`,
        preKeys: keys,
        discoverable: shown ? `hash ${who}` : null,
      }),
    ),
    step('takeBundle', [name, sender], (store, who, asker) => store.takeBundle(who, asker, CAPS)),
    step('randomDiscoverable', [], (store) => sorted(store.randomDiscoverable(5))),
  ],
  [
    step('claimNickname', [nickname, name, bool], (store, nick, owner, proven) =>
      store.claimNickname(nick, { owner, proven, sealed: `${nick} of ${owner}` }),
    ),
    step('lookupNickname', [nickname], (store, nick) => store.lookupNickname(nick)),
    step('own', [name], (store, who) => store.own(who)),
  ],
  [
    step('claimAlias', [alias, name, bool, stale], async (store, to, who, proven, late) =>
      store.claimAlias(to, { owner: await owner(store, who, late), proven }),
    ),
    step('admit', [name, by, token], (store, who, how, tokenHash) =>
      anyGeneration(store.admit(who, { by: how, tokenHash, expiresAt: SESSION_END })),
    ),
    step('route', [alias], (store, to) => store.route(to)),
    step('append', [alias, message, bool], (store, to, what, create) => store.append(to, what, create)),
    step('own', [name], (store, who) => store.own(who)),
  ],
  [
    step('append', [alias, message, bool], (store, to, what, create) => store.append(to, what, create)),
    step('read', [name, small, small, room], (store, who, from, count, bytes) =>
      store.read(who, from, count, bytes),
    ),
    step('ack', [name, ids], (store, who, what) => store.ack(who, what)),
    step('totals', [], (store) => store.totals()),
  ],
  [
    step('grant', [name, alias, stale], async (store, who, peer, late) =>
      store.grant(await owner(store, who, late), peer, `sealed ${peer}`),
    ),
    step('revoke', [name, alias, stale], async (store, who, peer, late) =>
      store.revoke(await owner(store, who, late), peer),
    ),
    step('granted', [name, fc.option(fc.uniqueArray(alias), { nil: undefined })], (store, who, peers) =>
      sorted(store.granted(who, peers)),
    ),
    step('admit', [name, by, token], (store, who, how, tokenHash) =>
      anyGeneration(store.admit(who, { by: how, tokenHash, expiresAt: SESSION_END })),
    ),
  ],
];
const burn = step('burn', [name], (store, who) => store.burn(who));
const steps = fc.subarray(THEMES, { minLength: 1, maxLength: 2 }).chain((themes) => {
  const seldom = { weight: 1, arbitrary: burn };
  const usual = { weight: 20, arbitrary: fc.oneof(...themes.flat()) };
  return fc.array(fc.oneof(seldom, usual), { minLength: 40, maxLength: 80, size: 'max' });
});

/** Runs the same steps on both and compares every answer. */
async function compare(store: RelayStore, run: readonly Step[]): Promise<void> {
  const model = new ModelStore(LIMITED);
  const history: string[] = [];
  for (const { says, run: perform } of run) {
    history.push(says);
    assert.deepEqual(await perform(store), await perform(model), history.join('\n'));
  }
}

const sealer = new AesSealer(randomBytes(32));

describe('relay store in memory against the model', () => {
  test('any sequence of verbs is answered alike', async () => {
    const property = fc.asyncProperty(steps, async (run) => {
      const store = new MemoryRelayStore(LIMITED, sealer, systemClock, systemRandom);
      await compare(store, run).finally(() => store.close());
    });
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
  });
});

describe('relay store on Redis against the model', { skip: await redisMissing() }, () => {
  let server: RedisServer;
  let redis: RedisConnection;
  before(async () => {
    server = await startRedis();
    redis = await RedisConnection.open({ url: server.url, libraries: [RELAY_LIBRARY] });
  });
  after(async () => {
    await redis.close();
    await server.stop();
  });

  test('any sequence of verbs is answered alike', async () => {
    const store = await RedisRelayStore.open(redis, LIMITED, sealer, systemRandom);
    const property = fc.asyncProperty(steps, async (run) => {
      await redis.send(['FLUSHALL']);
      await compare(store, run);
    });
    await fc.assert(property, { numRuns: RUNS, includeErrorInReport: true });
    await store.close();
  });
});
