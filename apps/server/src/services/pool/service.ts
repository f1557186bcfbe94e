import { PLATFORM_FAILURES } from '../../platform/http/failure.js';
import { type HttpApp, setFailures } from '../../platform/http/http.js';
import { sendAllowance } from '../../platform/http/reply.js';
import type { SocketRules } from '../../platform/http/sockets.js';
import type { Platform, Service } from '../../platform/platform.js';
import { deriveKey } from '../../platform/secrets/keys.js';
import type { Database } from '../../platform/sql/database.js';
import { Identities } from './miners/identity.js';
import { SecretMint } from './miners/secret.js';
import { Slots } from './miners/slots.js';
import { Strikes } from './miners/strikes.js';
import { poolOverview } from './overview.js';
import type { Pool } from './pool.js';
import { Courier } from './redemption/courier.js';
import { openSink } from './redemption/open.js';
import { Keeper } from './rounds/keeper.js';
import { TriedNonces } from './rounds/tried.js';
import { mountAdmin } from './routes/admin.js';
import { mountChallenge } from './routes/challenge.js';
import { identify } from './routes/miner.js';
import { mountMoney } from './routes/money.js';
import { sendPoolRefusal } from './routes/refusal.js';
import { mountSubmit } from './routes/submit.js';
import { type PoolSettings, poolTerms, requestBucket } from './settings.js';
import { Floor } from './sockets/floor.js';
import { MAX_FRAME } from './sockets/frame.js';
import { MinerSession } from './sockets/session.js';
import { poolBalance } from './store/pool-balance.js';

/**
 * Mounts the pool: its routes, its sockets, its rounds.
 * @param ownsSocketPath whether `/ws` is the pool's, as clients of the original expect
 */
export async function mountPool(
  platform: Platform,
  db: Database,
  settings: PoolSettings,
  ownsSocketPath: boolean,
): Promise<Service> {
  const { app, sockets, durableBus: bus, clock, random, log, metrics, compute } = platform;
  const submits = metrics.counter('blindpost_pool_submits_total', 'Submits by outcome.', ['outcome']);
  const floor = await Floor.open({ bus, clock, log, random }, () =>
    db.read(poolBalance, { now: clock.now(), terms: poolTerms(settings) }),
  );
  const courier = new Courier({ db, sink: await openSink(settings), clock, log });
  const pool: Pool = {
    settings,
    db,
    compute,
    limits: platform.limitsOf('rate_limit_exceeded'),
    requests: requestBucket(settings),
    identities: new Identities(deriveKey(platform.secret, 'pool address')),
    secrets: new SecretMint(deriveKey(platform.secret, 'pool secret')),
    slots: new Slots(settings.POOL_LIMIT_VERIFY),
    strikes: new Strikes(clock, settings.POOL_LIMIT_STRIKES),
    tried: new TriedNonces(),
    courier,
    floor,
    clock,
    random,
    log,
    counted: (outcome) => submits.inc({ outcome }),
  };
  const keeper = new Keeper(pool);
  await keeper.start();
  courier.start();

  for (const prefix of ['', '/pool']) {
    await app.register(async (scope: HttpApp) => mountRoutes(scope, platform, pool), { prefix });
  }
  const rules: SocketRules = {
    perAddress: settings.POOL_LIMIT_CONNECTIONS,
    bucket: pool.requests,
    limited: 'rate_limit_exceeded',
    unavailable: 'unavailable',
    maxPayload: MAX_FRAME,
  };
  sockets.route(ownsSocketPath ? ['/ws', '/pool/ws'] : ['/pool/ws'], rules, (socket, _wire, peer) =>
    floor.add(new MinerSession(pool, socket, peer, floor)),
  );
  return {
    overview: poolOverview(pool, submits),
    parts: [{ name: 'pool', healthy: () => db.healthy() && bus.healthy() }],
    async close() {
      await floor.close();
      await keeper.close();
      await courier.close();
    },
  };
}

async function mountRoutes(scope: HttpApp, platform: Platform, pool: Pool): Promise<void> {
  setFailures(scope, PLATFORM_FAILURES, platform.log, sendPoolRefusal);
  if (scope.prefix !== '') {
    // The same routes under a second name: described once.
    scope.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true };
    });
  }
  // A form or a plain text is what a page of another site can post without asking.
  scope.removeContentTypeParser('text/plain');
  scope.addHook('onRequest', async (_request, reply) => {
    // By address nothing in a request says whose answer it is: no cache may keep it for the next.
    reply.header('Cache-Control', 'no-store');
  });
  await scope.register(async (miners: HttpApp) => {
    miners.decorateRequest('miner', null);
    // Not for admins, who must get in whatever others behind their address do.
    miners.addHook('onRequest', async (request, reply) => {
      const { refusal, allowance } = await pool.limits.address(
        platform.addresses.of(request.raw),
        pool.requests,
      );
      if (refusal !== null) return sendPoolRefusal(reply, refusal);
      sendAllowance(reply, allowance);
      return undefined;
    });
    miners.addHook('onRequest', async (request, reply) => {
      const known = identify(pool, platform, request);
      if (!known.ok) {
        // The platform lets listed origins in; by address they are strangers all the same.
        reply.removeHeader('access-control-allow-origin');
        reply.removeHeader('access-control-expose-headers');
        return sendPoolRefusal(reply, known);
      }
      request.miner = known.miner;
      const { refusal } = await pool.limits.identity(known.miner.name, pool.requests);
      return refusal === null ? undefined : sendPoolRefusal(reply, refusal);
    });
    mountChallenge(miners, pool);
    mountSubmit(miners, pool);
    mountMoney(miners, pool);
  });
  await scope.register(async (admins: HttpApp) => mountAdmin(admins, pool, platform.admin));
}
