import type { Server } from 'node:net';
import type { ErrorCode } from '@blindpost/protocol/errors';
import { FRAME_SIZE } from '@blindpost/protocol/relay';
import { Gate } from './platform/admission/gate.js';
import { Limits } from './platform/admission/limits.js';
import { mountGate } from './platform/admission/route.js';
import type { Bus } from './platform/bus/bus.js';
import { MemoryBus } from './platform/bus/memory.js';
import { type Clock, systemClock } from './platform/clock.js';
import { Compute } from './platform/compute/compute.js';
import { Addresses } from './platform/http/addresses.js';
import { Admin } from './platform/http/admin.js';
import { Connections } from './platform/http/connections.js';
import { mountConsole } from './platform/http/console.js';
import { mountDescription } from './platform/http/description.js';
import { mountHealth } from './platform/http/health.js';
import { Hosts } from './platform/http/hosts.js';
import { createHttp } from './platform/http/http.js';
import { Sockets } from './platform/http/sockets.js';
import { AddressBlinder, type Log } from './platform/log/log.js';
import { Metrics } from './platform/metrics/metrics.js';
import { mountMetrics } from './platform/metrics/route.js';
import { Gathering, type Held } from './platform/overview/gathering.js';
import { mountOverview } from './platform/overview/route.js';
import type { Platform, Service } from './platform/platform.js';
import { systemRandom } from './platform/random.js';
import type { RedisConnection } from './platform/redis/connection.js';
import { blinder, deriveKey } from './platform/secrets/keys.js';
import { loadSecrets } from './platform/secrets/secrets.js';
import type { Database } from './platform/sql/database.js';
import { openDatabase } from './platform/sql/open.js';
import { MemoryVolatile } from './platform/volatile/memory.js';
import type { Volatile } from './platform/volatile/volatile.js';
import { ACCOUNTS_MIGRATIONS } from './services/accounts/migrations.js';
import { E2EE_MIGRATIONS } from './services/e2ee/migrations.js';
import { IDENTITY_MIGRATIONS } from './services/identity/migrations.js';
import { POOL_MIGRATIONS } from './services/pool/migrations.js';
import { baseDifficulty, challengeBucket } from './services/relay/settings.js';
import type { ServiceName, Settings } from './settings.js';

/** Of all services, mounted or not: a database is never newer than its server. */
const MIGRATIONS = [...POOL_MIGRATIONS, ...ACCOUNTS_MIGRATIONS, ...E2EE_MIGRATIONS, ...IDENTITY_MIGRATIONS];

/** Those that keep something for good. */
const DURABLE: readonly ServiceName[] = ['pool', 'e2ee', 'identity'];

/** Time requests under way have to be answered when the server drains. */
const REQUEST_GRACE_MS = 3_000;

/** A server that listens. */
export type Running = {
  url: string;
  /** Stops accepting, closes sockets and stores; resolves when nothing is left. */
  close(): Promise<void>;
};

/**
 * Puts the services asked for on one listener. What is not asked for, drivers of databases included, is not loaded:
 * modules are most of what a start takes.
 */
export async function compose(settings: Settings, log: Log): Promise<Running> {
  const { platform: base, relay, pool, accounts, e2ee, identity, services, production } = settings;
  const clock = systemClock;
  const random = systemRandom;
  const secrets = loadSecrets(base, (path) => log.info({ path }, 'made a secret'));
  const metrics = new Metrics();
  const redis = await openRedis(settings, log);
  const { volatile, bus } = await openVolatile(redis, clock);
  const durable = DURABLE.some((service) => services.includes(service));
  const db = durable ? await openDatabase(base, MIGRATIONS, clock, (text) => log.warn(text)) : null;
  const durableBus = redis === null && db !== null ? await openDurableBus(settings, clock) : bus;
  const compute = new Compute({ workers: base.COMPUTE_WORKERS, queue: base.COMPUTE_LIMIT_QUEUE });
  const frameSize = services.includes('relay') ? FRAME_SIZE : null;
  const addresses = new Addresses(base.TRUSTED_PROXIES);
  const hosts = new Hosts(base.PUBLIC_URL);
  const blind = blinder(deriveKey(secrets.root, 'limited address'));
  const limitsOf = (code: ErrorCode, violations = relay.RELAY_LIMIT_JAIL) =>
    new Limits(volatile, blind, violations, code, (limit) => metrics.limits.inc({ limit }));
  const gate = new Gate(volatile, clock, random, () => metrics.loopDelay(), {
    unit: relay.RELAY_POW_UNIT,
    base: baseDifficulty(relay),
  });
  const app = await createHttp({
    settings: base,
    hosts,
    addresses,
    log,
    blinder: new AddressBlinder(clock),
    metrics,
    frameSize,
    maxSockets: relay.RELAY_LIMIT_SOCKETS,
  });
  const perAddress = [
    relay.RELAY_LIMIT_CONNECTIONS,
    pool.POOL_LIMIT_CONNECTIONS,
    e2ee.E2EE_LIMIT_CONNECTIONS,
  ];
  // Behind a proxy all connections come from its address.
  const bounded = base.TRUSTED_PROXIES.length === 0 && perAddress.every((bound) => bound > 0);
  new Connections(app.server, bounded ? perAddress.reduce((sum, bound) => sum + bound) : 0);
  const sockets = new Sockets(app.server, {
    hosts,
    addresses,
    limitsOf,
    metrics,
    corsOrigins: base.CORS_ORIGINS,
    total: relay.RELAY_LIMIT_SOCKETS,
    frameSize,
  });
  const admin = new Admin(secrets.admin, limitsOf('rate_limit_exceeded'), addresses);
  const platform: Platform = {
    app,
    sockets,
    addresses,
    hosts,
    admin,
    gate,
    limitsOf,
    volatile,
    bus,
    durableBus,
    redis,
    compute,
    clock,
    random,
    log,
    metrics,
    secret: secrets.root,
  };

  const mounted: Service[] = [];
  if (services.includes('relay') || services.includes('e2ee')) {
    const bucket = challengeBucket(relay);
    await mountGate(app, { gate, limits: limitsOf('ERR_RATE_LIMIT'), addresses, bucket, log });
  }
  if (services.includes('relay')) {
    const { mountRelay } = await import('./services/relay/service.js');
    mounted.push(await mountRelay(platform, relay));
  }
  if (db !== null && services.includes('pool')) {
    const { mountPool } = await import('./services/pool/service.js');
    mounted.push(await mountPool(platform, db, pool, !services.includes('relay')));
  }
  if (db !== null && services.includes('e2ee')) {
    const { mountAccounts } = await import('./services/accounts/service.js');
    const { mountE2ee } = await import('./services/e2ee/service.js');
    const publicUrl = base.PUBLIC_URL;
    const keeper = await mountAccounts(platform, db, { ...accounts, publicUrl });
    const transport = await mountE2ee(platform, db, e2ee, keeper);
    keeper.onDeleted((account) => transport.erase(account));
    // Sockets end before what their tokens stand on.
    mounted.push(transport, keeper);
  }
  if (db !== null && services.includes('identity')) {
    const { mountIdentity } = await import('./services/identity/service.js');
    const url = () => base.PUBLIC_URL ?? listeningUrl(settings, app.server.address());
    mounted.push(await mountIdentity(platform, db, { settings: identity, production, url }));
  }
  const parts = mounted.flatMap((service) => service.parts);
  const environment = base.RAILWAY_ENVIRONMENT ?? (production ? 'production' : 'development');
  mountHealth(app, parts, clock, environment);
  mountMetrics(app, metrics, admin);
  const gathering = new Gathering({
    app,
    sockets,
    compute,
    computeQueue: base.COMPUTE_LIMIT_QUEUE,
    metrics,
    clock,
    environment,
    stores: storesOf(settings, { redis, db, volatile, bus, durableBus }),
    services: mounted,
  });
  mountOverview(app, gathering, admin);
  mountDescription(app);
  if (base.CONSOLE === 'on')
    await mountConsole(app, new URL(import.meta.resolve('@blindpost/console/site/index.html')));
  await app.listen({ host: base.HOST, port: base.PORT });

  return {
    url: listeningUrl(settings, app.server.address()),
    async close() {
      sockets.stop();
      const stopped = app.close();
      // A request that is half sent, or whose answer nobody takes, must not hold the exit up.
      const guard = setTimeout(() => app.server.closeAllConnections(), REQUEST_GRACE_MS);
      for (const service of mounted) await service.close();
      await stopped;
      clearTimeout(guard);
      await compute.close();
      await db?.close();
      if (durableBus !== bus) await durableBus.close();
      await bus.close();
      await volatile.close();
      await redis?.close();
      metrics.close();
    },
  };
}

type Stores = {
  redis: RedisConnection | null;
  db: Database | null;
  volatile: Volatile;
  bus: Bus;
  durableBus: Bus;
};

/** What the state of this server is in, for an operator. */
function storesOf(settings: Settings, { redis, db, volatile, bus, durableBus }: Stores): Held[] {
  const shared = redis === null ? 'memory' : 'redis';
  const database = settings.platform.DATABASE_URL === undefined ? 'sqlite' : 'postgres';
  const stores: Held[] = [
    { name: 'door', kind: shared, healthy: () => volatile.healthy() },
    { name: 'bus', kind: shared, healthy: () => bus.healthy() },
  ];
  if (db !== null) stores.push({ name: 'database', kind: database, healthy: () => db.healthy() });
  if (durableBus !== bus && database === 'postgres') {
    stores.push({ name: 'durable_bus', kind: database, healthy: () => durableBus.healthy() });
  }
  return stores;
}

/** What is lost with a restart: the door's state and hints between instances. */
async function openVolatile(
  redis: RedisConnection | null,
  clock: Clock,
): Promise<{ volatile: Volatile; bus: Bus }> {
  if (redis === null) return { volatile: new MemoryVolatile(clock), bus: new MemoryBus() };
  const { RedisVolatile } = await import('./platform/volatile/redis.js');
  const { RedisBus } = await import('./platform/bus/redis.js');
  return { volatile: new RedisVolatile(redis), bus: await RedisBus.open(redis) };
}

/** Without a Redis, instances that share a database hear each other through it. */
async function openDurableBus({ platform }: Settings, clock: Clock): Promise<Bus> {
  if (platform.DATABASE_URL === undefined) return new MemoryBus();
  const { PostgresBus } = await import('./platform/bus/postgres.js');
  return PostgresBus.open({ url: platform.DATABASE_URL, clock });
}

/** Services and door share one Redis: RELAY_REDIS_URL, else REDIS_URL, else none. */
async function openRedis({ platform, relay }: Settings, log: Log): Promise<RedisConnection | null> {
  const url = relay.RELAY_REDIS_URL ?? platform.REDIS_URL;
  if (url === undefined) return null;
  const { RedisConnection } = await import('./platform/redis/connection.js');
  const { VOLATILE_LIBRARY } = await import('./platform/volatile/library.js');
  const { RELAY_LIBRARY } = await import('./services/relay/store/redis/index.js');
  const libraries = [VOLATILE_LIBRARY, RELAY_LIBRARY];
  return RedisConnection.open({ url, libraries, warn: (message) => log.warn(message) });
}

function listeningUrl({ platform }: Settings, bound: ReturnType<Server['address']>): string {
  // PORT=0 was asked for "any": tell the one that was given.
  const port = typeof bound === 'object' && bound !== null ? bound.port : platform.PORT;
  const scheme = platform.TLS_CERT === undefined ? 'http' : 'https';
  const host = platform.HOST.includes(':') ? `[${platform.HOST}]` : platform.HOST;
  return `${scheme}://${host}:${port}`;
}
