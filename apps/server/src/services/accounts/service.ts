import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { PLATFORM_FAILURES } from '../../platform/http/failure.js';
import { type HttpApp, setFailures } from '../../platform/http/http.js';
import { sendAllowance, sendRefusal } from '../../platform/http/reply.js';
import type { Platform, Service } from '../../platform/platform.js';
import { deriveKey } from '../../platform/secrets/keys.js';
import type { Database } from '../../platform/sql/database.js';
import type { Accounts } from './accounts.js';
import { type Erase, Eraser } from './erasure/eraser.js';
import { accountsOverview } from './overview.js';
import { requireToken } from './routes/bearer.js';
import { mountEnd } from './routes/end.js';
import { mountLogin } from './routes/login.js';
import { mountRegister } from './routes/register.js';
import { type AccountsSettings, issuerOf, requestBucket } from './settings.js';
import { missing } from './store/missing.js';
import type { Bearer } from './tokens/bearer.js';
import { type EndedListener, Endings } from './tokens/endings.js';
import { OutsideTokens } from './tokens/outside.js';
import { OwnTokens } from './tokens/own.js';
import { Standings } from './tokens/standings.js';
import { Verifier } from './tokens/verifier.js';

const BODY_LIMIT = 16 * 1024;

/** What other services may ask of the accounts. */
export type AccountsService = Service & {
  /** Rejects with `Unavailable` when it cannot be told now. */
  verify(token: string): Promise<{ ok: true; bearer: Bearer } | Refusal>;
  /** Whether the token still holds: asks the database. */
  stands(bearer: Bearer): Promise<boolean>;
  /** Those of the ids that no account has. */
  missing(ids: readonly Uint8Array[]): Promise<readonly Uint8Array[]>;
  /** Tells of tokens that end early, on whatever instance; null when some may have ended unheard. */
  onEnded(listener: EndedListener): void;
  /** Called when an account is gone, and again until it succeeds. */
  onDeleted(erase: Erase): void;
};

/** Mounts accounts: their routes and their tokens. */
export async function mountAccounts(
  platform: Platform,
  db: Database,
  settings: AccountsSettings & { publicUrl: string | undefined },
): Promise<AccountsService> {
  const { app, gate, volatile, durableBus, clock, random, log } = platform;
  const { publicUrl } = settings;
  const seed = deriveKey(platform.secret, 'account token');
  const issuer = issuerOf(settings);
  const tokens =
    issuer === null ? new OwnTokens({ seed, publicUrl, clock, random }) : new OutsideTokens(issuer, clock);
  const endings = await Endings.open(durableBus, clock, random);
  const verifier = new Verifier(tokens, new Standings(db, clock, endings), clock);
  const eraser = new Eraser({ db, clock, log });
  const accounts: Accounts = {
    db,
    gate,
    limits: platform.limitsOf('rate_limit_exceeded'),
    requests: requestBucket(settings),
    volatile,
    own: tokens instanceof OwnTokens ? tokens : null,
    verifier,
    endings,
    eraser,
    clock,
    random,
  };
  eraser.start();
  await app.register(async (scope: HttpApp) => mountRoutes(scope, platform, accounts), {
    prefix: '/api/accounts',
  });
  return {
    overview: accountsOverview(accounts),
    parts: [{ name: 'accounts', healthy: () => db.healthy() && endings.healthy() }],
    verify: (token) => verifier.verify(token),
    stands: (bearer) => verifier.stands(bearer),
    missing: (ids) => db.read(missing, { ids }),
    onEnded: (listener) => endings.onEnded(listener),
    onDeleted: (erase) => eraser.onDeleted(erase),
    async close() {
      await eraser.close();
      await endings.close();
    },
  };
}

async function mountRoutes(scope: HttpApp, platform: Platform, accounts: Accounts): Promise<void> {
  const { addresses, hosts, log } = platform;
  setFailures(scope, PLATFORM_FAILURES, log);
  scope.setNotFoundHandler((_request, reply) => sendRefusal(reply, refuse('not_found')));
  // A form or a plain text is what a page of another site can post without asking.
  scope.removeContentTypeParser('text/plain');
  scope.addHook('onRoute', (route) => {
    route.bodyLimit = BODY_LIMIT;
  });
  scope.addHook('onRequest', async (request, reply) => {
    reply.header('Cache-Control', 'no-store');
    const { refusal, allowance } = await accounts.limits.address(
      addresses.of(request.raw),
      accounts.requests,
    );
    if (refusal !== null) return sendRefusal(reply, refusal);
    sendAllowance(reply, allowance);
    return undefined;
  });
  const { own } = accounts;
  if (own !== null) {
    mountRegister(scope, accounts);
    mountLogin(scope, accounts, own, { hosts, addresses });
  }
  await scope.register(async (bearers: HttpApp) => {
    requireToken(bearers, accounts);
    mountEnd(bearers, accounts);
  });
}
