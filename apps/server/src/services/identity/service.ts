import { refuse } from '@blindpost/protocol/errors';
import { PLATFORM_FAILURES } from '../../platform/http/failure.js';
import { type HttpApp, setFailures } from '../../platform/http/http.js';
import { parseJson } from '../../platform/http/json-body.js';
import { sendRefusal } from '../../platform/http/reply.js';
import type { Platform, Service } from '../../platform/platform.js';
import type { Database } from '../../platform/sql/database.js';
import { Assets } from './assets/assets.js';
import type { Identity } from './identity.js';
import { identityOverview } from './overview.js';
import { Proofs } from './proving/proofs.js';
import { mountAdmin } from './routes/admin.js';
import { mountAttest } from './routes/attest.js';
import { requireAttester } from './routes/attester.js';
import { limitByAddress } from './routes/limit.js';
import { mountProve } from './routes/prove.js';
import { mountAssets, mountProving } from './routes/proving.js';
import { mountRegistry } from './routes/registry.js';
import { mountTypes } from './routes/types.js';
import { mountVerify } from './routes/verify.js';
import { AttesterKeys } from './rules/attester-keys.js';
import { Names } from './rules/names.js';
import { type IdentitySettings, identityBuckets } from './settings.js';
import { openRegistry } from './store/open-registry.js';
import { settleDevelopment } from './upkeep/development.js';
import { Keeper } from './upkeep/keeper.js';
import { Room } from './upkeep/room.js';

const PREFIX = '/api/v1';
const BODY_LIMIT = 16 * 1024;

export type IdentityOptions = {
  settings: IdentitySettings;
  production: boolean;
  /** Where clients reach this server, as far as the operator or the listener tells; never what a request says. */
  url: () => string;
};

/** Mounts entity identity: its routes and its assets. */
export async function mountIdentity(
  platform: Platform,
  db: Database,
  { settings, production, url }: IdentityOptions,
): Promise<Service> {
  const { app, compute, clock, random, log, metrics } = platform;
  const outcomes = metrics.counter('blindpost_identity_proofs_total', 'Proofs by what came of them.', [
    'outcome',
  ]);
  const room = new Room(db, {
    attestations: settings.IDENTITY_LIMIT_ATTESTATIONS,
    nullifiers: settings.IDENTITY_LIMIT_NULLIFIERS,
  });
  const identity: Identity = {
    settings,
    db,
    compute,
    // A relying party asks for all its users, and retries by the document are further violations.
    limits: platform.limitsOf('rate_limit_exceeded', 0),
    buckets: identityBuckets(settings),
    names: new Names(platform.secret),
    keys: new AttesterKeys(platform.secret),
    room,
    production,
    clock,
    random,
    counted: (outcome) => outcomes.inc({ outcome }),
  };
  await db.write(openRegistry, { now: clock.now() });
  await settleDevelopment(identity);
  const keeper = new Keeper({ db, room, windowMs: settings.IDENTITY_ROOT_WINDOW, clock, log });
  await room.count();
  keeper.start();

  const assets = await Assets.load();
  const proofs = production ? null : new Proofs();
  const base = () => (settings.ASSETS_URL ?? url()).replace(/\/+$/, '');
  await app.register(
    async (scope: HttpApp) => mountRoutes(scope, platform, identity, { assets, base, proofs }),
    {
      prefix: PREFIX,
    },
  );
  await app.register(async (scope: HttpApp) => {
    limitByAddress(scope, identity, platform.addresses, identity.buckets.requests);
    mountAssets(scope, assets);
  });
  return {
    overview: identityOverview(identity, outcomes),
    parts: [{ name: 'identity', healthy: () => db.healthy() }],
    async close() {
      await keeper.close();
      await proofs?.close();
    },
  };
}

/** What the routes about proving stand on; null where the server does not prove. */
type Proving = { assets: Assets; base: () => string; proofs: Proofs | null };

async function mountRoutes(
  scope: HttpApp,
  { addresses, admin, log }: Platform,
  identity: Identity,
  { assets, base, proofs }: Proving,
): Promise<void> {
  const { buckets } = identity;
  setFailures(scope, PLATFORM_FAILURES, log);
  scope.setNotFoundHandler((_request, reply) => sendRefusal(reply, refuse('not_found')));
  // A form or a plain text is what a page of another site can post without asking.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
  scope.addHook('onRoute', (route) => {
    route.bodyLimit ??= BODY_LIMIT;
  });
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('Cache-Control', 'no-store');
  });
  await scope.register(async (readers: HttpApp) => {
    limitByAddress(readers, identity, addresses, buckets.registry);
    mountRegistry(readers, identity);
  });
  await scope.register(async (readers: HttpApp) => {
    limitByAddress(readers, identity, addresses, buckets.requests);
    mountTypes(readers);
    mountProving(readers, assets, base);
  });
  await scope.register(async (attesters: HttpApp) => {
    limitByAddress(attesters, identity, addresses, buckets.requests);
    requireAttester(attesters, identity, (route) => !identity.production && route.endsWith('/attest'));
    mountAttest(attesters, identity);
    if (proofs !== null) mountProve(attesters, identity, proofs);
  });
  await scope.register(async (verifiers: HttpApp) => mountVerify(verifiers, identity, addresses));
  // Not limited by requests: an operator must get in whatever others behind that address do.
  await scope.register(async (admins: HttpApp) => mountAdmin(admins, identity, admin));
}
