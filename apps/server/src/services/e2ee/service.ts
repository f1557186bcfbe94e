import { MAX_BODY, MAX_E2EE_FRAME } from '@blindpost/protocol/e2ee';
import { refuse } from '@blindpost/protocol/errors';
import { Waker } from '../../platform/bus/waker.js';
import { PLATFORM_FAILURES } from '../../platform/http/failure.js';
import { type HttpApp, setFailures } from '../../platform/http/http.js';
import { parseJson } from '../../platform/http/json-body.js';
import { sendRefusal } from '../../platform/http/reply.js';
import type { SocketRules } from '../../platform/http/sockets.js';
import type { Platform, Service } from '../../platform/platform.js';
import type { Database } from '../../platform/sql/database.js';
import type { Accounts } from './accounts.js';
import { Queues } from './commands/queues.js';
import { Talks } from './commands/talks.js';
import { Turnstile } from './commands/turnstile.js';
import { Mail } from './delivery/mail.js';
import { Session } from './delivery/session.js';
import { Sessions } from './delivery/sessions.js';
import { Sweeper } from './delivery/sweeper.js';
import { HINT } from './delivery/topic.js';
import type { E2ee } from './e2ee.js';
import { e2eeOverview } from './overview.js';
import { requireBearer } from './routes/bearer.js';

import { mountKeys } from './routes/keys.js';
import { mountMessages } from './routes/messages.js';
import { mountSessions } from './routes/sessions.js';
import { spellBothWays } from './routes/spelling.js';
import { Names } from './rules/names.js';
import { type E2eeSettings, e2eeBuckets } from './settings.js';
import { erase } from './store/erase.js';

const PREFIX = '/api/e2ee';

/** What the transport lets others do. */
export type E2eeService = Service & {
  /** Erases keys, queue and sessions of an account. Harmless to repeat. */
  erase(account: Uint8Array): Promise<void>;
};

/** Mounts the e2ee transport: its routes, its sockets. */
export async function mountE2ee(
  platform: Platform,
  db: Database,
  settings: E2eeSettings,
  accounts: Accounts,
): Promise<E2eeService> {
  const { app, sockets, durableBus: bus, clock, random, log, metrics } = platform;
  const envelopes = metrics.counter('blindpost_e2ee_envelopes_total', 'Envelopes by outcome.', ['outcome']);
  const waker = new Waker(bus, clock, HINT.mail);
  const e2ee: E2ee = {
    settings,
    db,
    accounts,
    limits: platform.limitsOf('rate_limit_exceeded'),
    buckets: e2eeBuckets(settings),
    names: new Names(platform.secret),
    bus,
    mail: new Mail(waker),
    queues: new Queues(db, accounts, clock),
    turnstile: new Turnstile(),
    talks: new Talks(db, clock),
    clock,
    random,
    log,
    counted: (outcome) => envelopes.inc({ outcome }),
  };
  const sessions = new Sessions();
  accounts.onEnded((ended) => sessions.ended(ended));
  const sweeper = new Sweeper({ db, clock, log });
  sweeper.start();

  await app.register(async (scope: HttpApp) => mountRoutes(scope, platform, e2ee), { prefix: PREFIX });
  const rules: SocketRules = {
    perAddress: settings.E2EE_LIMIT_CONNECTIONS,
    bucket: e2ee.buckets.requests,
    limited: 'rate_limit_exceeded',
    unavailable: 'unavailable',
    maxPayload: MAX_E2EE_FRAME,
  };
  sockets.route([`${PREFIX}/ws`], rules, (socket, _wire, peer) =>
    sessions.add(new Session(e2ee, sessions, socket, peer)),
  );
  return {
    overview: e2eeOverview(e2ee, sessions, envelopes),
    parts: [{ name: 'e2ee', healthy: () => db.healthy() && bus.healthy() }],
    async erase(account) {
      await db.write(erase, { account });
      // What lay in its queue is deleted a part at a time, and after a crash by the next server.
      void sweeper.run();
    },
    async close() {
      await sessions.shutDown();
      await sweeper.close();
      waker.close();
    },
  };
}

async function mountRoutes(scope: HttpApp, { addresses, log }: Platform, e2ee: E2ee): Promise<void> {
  setFailures(scope, PLATFORM_FAILURES, log);
  scope.setNotFoundHandler((_request, reply) => sendRefusal(reply, refuse('not_found')));
  // A form or a plain text is what a page of another site can post without asking.
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
  scope.addHook('onRoute', (route) => {
    route.bodyLimit ??= MAX_BODY;
  });
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.header('Cache-Control', 'no-store');
    done();
  });
  await scope.register(async (bearers: HttpApp) => {
    requireBearer(bearers, e2ee, addresses);
    spellBothWays(bearers);
    mountKeys(bearers, e2ee);
    mountSessions(bearers, e2ee);
    mountMessages(bearers, e2ee);
  });
}
