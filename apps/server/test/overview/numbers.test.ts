import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { makeIdentity } from '@blindpost/testbed/keys';
import { Wire } from '@blindpost/testbed/wire';
import { makeAccount } from '@blindpost/testbed/wire-account';
import { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { wireRequest } from '@blindpost/testbed/wire-http';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { minerToken, PoolWire } from '@blindpost/testbed/wire-pool';
import { ADMIN, type DatabaseName, DatabaseStage, onStages } from '../database-stage.js';
import { message } from '../e2ee/messages.js';
import { given, sent } from '../e2ee/people.js';
import { claim, closeProver, entity, joinHouse } from '../identity/house.js';
import { win } from '../pool/work.js';
import { assertOk } from '../relay/answers.js';
import { overview, overviewWhere, PRODUCTION } from './stage.js';

after(closeProver);

class Stage extends DatabaseStage {
  constructor(database: DatabaseName) {
    super(database, {
      services: ['relay', 'pool', 'e2ee', 'identity'],
      env: { ...PRODUCTION, IDENTITY_LIMIT_REGISTRY: '2' },
    });
  }

  get wire(): Wire {
    return this.keep(new Wire(this.url));
  }

  async account(): Promise<E2eeWire> {
    return this.keep(new E2eeWire(this.url, await makeAccount(this.url)));
  }

  miner(): PoolWire {
    return this.keep(new PoolWire(this.url, { token: minerToken() }));
  }

  get registry(): IdentityWire {
    return new IdentityWire(this.url, ADMIN);
  }
}

const stages = (['sqlite', 'postgres'] as const).map((name) => [name, () => new Stage(name)] as const);

await onStages('the numbers of the overview', new Map(stages), (stage) => {
  const { keep } = traces();

  test('move with messages and sockets', async () => {
    const before = given((await overview(stage.url)).services.relay);
    const [alice, bob] = [makeIdentity(), makeIdentity()];
    keep(alice.hash, bob.hash, alice.publicKey, 'nickname-to-look-for');
    const wire = stage.wire;
    assert.equal((await wire.claimNickname(alice, 'nickname-to-look-for')).status, 200);
    const socket = await wire.login(alice);
    socket.send({ type: 'relay', to: bob.hash, body: 'body-to-look-for', id: 1 });
    await socket.next(({ type }) => type === 'delivery_status');
    const told = await overviewWhere(stage.url, 'a message more', ({ services: { relay } }) => {
      return (relay?.mailboxes?.messages ?? 0) > (before.mailboxes?.messages ?? 0);
    });
    const relay = given(told.services.relay);
    assert.equal((relay.messages.queued ?? 0) - (before.messages.queued ?? 0), 1);
    assert.ok(relay.sockets > before.sockets && told.connections.sockets > before.sockets);
    assert.ok(given(relay.mailboxes).bytes > given(before.mailboxes).bytes);
    assert.ok(given(relay.mailboxes).identities > given(before.mailboxes).identities);
  });

  test('move with rounds, and the books balance', async () => {
    const before = given((await overview(stage.url)).services.pool);
    const miner = stage.miner();
    const { payout, round, nonce } = await win(miner);
    keep(given(miner.options.token), round.round_id, nonce);
    const { code } = (await miner.post('/withdraw_code', { amount_micro: 200 })).json;
    const { request_id } = (
      await miner.post('/withdraw', { amount_micro: 100, destination: 'destination-to-look-for' })
    ).json;
    keep(String(code), String(request_id), 'destination-to-look-for');
    const told = await overviewWhere(
      stage.url,
      'a round that was won, and a withdrawal that waits',
      ({ services: { pool } }) =>
        pool?.withdrawals_pending === (before.withdrawals_pending ?? 0) + 1 &&
        (pool.rounds?.[0]?.won ?? 0) >= 1 &&
        (pool.reserve?.balance_micro ?? 0) > 0,
    );
    const pool = given(told.services.pool);
    assert.ok((pool.submits.win ?? 0) > (before.submits.win ?? 0));
    assert.equal(given(pool.ledger).accounts.miner, payout - 300);
    assert.equal(given(pool.ledger).sum_micro, 0);
    assert.ok(given(pool.ledger).entries > given(before.ledger).entries);
    assert.equal(given(pool.codes).delivered, 1);
    const [open] = given(pool.rounds);
    assert.equal(open?.track, 'CPU_HASH');
  });

  test('move with accounts and envelopes', async () => {
    const before = await overview(stage.url);
    const [alice, bob] = [await stage.account(), await stage.account()];
    await bob.listen();
    const carol = await stage.account();
    const envelope = await sent(alice, carol.id, { groupId: 'group-to-look-for' });
    await sent(alice, bob.id);
    await alice.send({ ...message(carol.id), ciphertext: 'ciphertext-to-look-for' });
    keep(alice.id, bob.id, carol.id, envelope.id, String(envelope.ciphertext), given(alice.who.token));
    const told = await overviewWhere(
      stage.url,
      'an envelope that waits, and its accounts',
      ({ services: { e2ee, accounts } }) =>
        (e2ee?.queues?.waiting ?? 0) >= 1 &&
        accounts?.accounts === (before.services.accounts?.accounts ?? 0) + 3,
    );
    const e2ee = given(told.services.e2ee);
    assert.ok((e2ee.envelopes.stored ?? 0) >= 2 && e2ee.sockets >= 1);
    assert.ok(given(e2ee.queues).longest >= 1 && given(e2ee.queues).waiting_bytes > 0);
  });

  test('move with attesters and proofs', async () => {
    const before = given((await overview(stage.url)).services.identity);
    const { registry } = stage;
    const apiKey = await joinHouse(registry);
    const registered = await registry.register({
      id: 'id-to-look-for',
      name: 'name-to-look-for',
      allowedTypes: ['AI.CA'],
      contact: 'contact-to-look-for',
    });
    const second = assertOk(registered, RegisterAttesterAnswer);
    const shown = await claim(1, 'context-to-look-for');
    const proof = { proof: shown.proof, publicSignals: shown.publicSignals };
    // The house's root is not the last one any more, but it still stands.
    assert.equal((await registry.verify({ ...proof, consume: true })).status, 200);
    assert.equal((await registry.verify({ ...proof, consume: true })).status, 409);
    const key = second.attester.publicKeyX;
    keep(apiKey, second.apiKey, key, shown.nullifier, entity(1).commitment.toString(), shown.contextId);
    const told = await overviewWhere(
      stage.url,
      'two attesters more',
      ({ services: { identity } }) => identity?.registry?.attesters === given(before.registry).attesters + 2,
    );
    const identity = given(told.services.identity);
    assert.equal(identity.proofs.valid, 1);
    assert.equal(identity.proofs.nullifier_used, 1);
    assert.equal(given(identity.registry).root, second.registryRoot);
    assert.equal(given(identity.audit).sequence, given(before.audit).sequence + 2);
    assert.notEqual(given(identity.audit).hash, given(before.audit).hash);
  });

  test('count requests by status and route, in buckets of time', async () => {
    const before = await overview(stage.url);
    for (let n = 0; n < 5; n += 1) await wireRequest(`${stage.url}/health`);
    await wireRequest(`${stage.url}/path-to-look-for?query-to-look-for`);
    const { requests, at_ms } = await overviewWhere(
      stage.url,
      'requests more',
      ({ requests: { total } }) => total >= before.requests.total + 6,
    );
    assert.ok(at_ms > before.at_ms);
    const counted = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
    assert.equal(counted(requests.counts), requests.total);
    assert.equal(counted(Object.values(requests.by_status)), requests.total);
    assert.equal(requests.counts.length, requests.bounds.length + 1);
    const health = given(requests.routes.find(({ route }) => route === '/health'));
    assert.ok(health.count >= 5 && health.p50 <= health.p90 && health.p90 <= health.p99);
    assert.ok(requests.routes.some(({ route }) => route === 'none'));
  });

  test('tell which limits were hit, and on which routes', async () => {
    const from = '127.0.52.1';
    keep(from);
    const { registry } = stage;
    const statuses = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await registry.get('/registry', { from })).status);
    assert.equal(statuses.at(-1), 429);
    const { limits } = await overviewWhere(stage.url, 'limits hit', ({ limits: { by_limit } }) =>
      Object.values(by_limit).some((count) => count > 0),
    );
    const route = limits.by_route.find((each) => each.route === '/api/v1/registry');
    assert.ok(given(route).count >= 1 && given(route).status === 429);
  });

  test('tell of nobody, whatever was done', async () => {
    const texts = keep();
    assert.ok(texts.length > 20, 'there is something to look for');
    const told = JSON.stringify(await overview(stage.url));
    for (const text of [...texts, 'to-look-for', '127.0.0', ADMIN]) {
      assert.equal(told.includes(text), false, `${text} is in the overview`);
    }
  });
});

/** What must not be told: keeps more of it, and answers all of it. */
function traces() {
  const kept: string[] = [];
  return {
    keep(...texts: readonly string[]): readonly string[] {
      for (const text of texts) {
        assert.ok(text.length > 3 && text !== 'undefined', `nothing to look for: ${text}`);
        kept.push(text);
      }
      return kept;
    },
  };
}
