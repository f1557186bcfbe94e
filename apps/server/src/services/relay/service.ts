import { refuse } from '@blindpost/protocol/errors';
import { MAX_DEPTH, MAX_FRAME } from '@blindpost/protocol/relay';
import { GATE_FAILURES } from '../../platform/admission/route.js';
import { Waker } from '../../platform/bus/waker.js';
import { isTooDeep } from '../../platform/http/depth.js';
import { type HttpApp, setFailures } from '../../platform/http/http.js';
import { sendAllowance, sendRefusal } from '../../platform/http/reply.js';
import type { SocketHandler, SocketRules } from '../../platform/http/sockets.js';
import type { Platform, Service } from '../../platform/platform.js';
import { deriveKey } from '../../platform/secrets/keys.js';
import { AesSealer } from '../../platform/secrets/sealer.js';
import { encodeHint } from './delivery/hint.js';
import { Session } from './delivery/session.js';
import { Sessions } from './delivery/sessions.js';
import { takeFrame } from './frames/dispatch.js';
import { relayOverview } from './overview.js';
import type { Relay } from './relay.js';
import { mountBurn } from './routes/burn.js';
import { mountKeys } from './routes/keys.js';
import { mountNickname } from './routes/nickname.js';
import { mountSend } from './routes/send.js';
import { mountStats } from './routes/stats.js';
import { Names } from './rules/names.js';
import { type RelaySettings, relayBuckets, storeLimits } from './settings.js';
import { openStore } from './store/open.js';

/** Mounts the relay: its routes, its socket, its store. */
export async function mountRelay(platform: Platform, settings: RelaySettings): Promise<Service> {
  const { app, sockets, clock, random, metrics, log } = platform;
  const sealer = new AesSealer(deriveKey(platform.secret, 'relay sealed texts'));
  const store = await openStore(platform, storeLimits(settings), sealer);
  const messages = metrics.counter('blindpost_relay_messages_total', 'Messages by outcome.', ['outcome']);
  const relay: Relay = {
    settings,
    store,
    bus: platform.bus,
    waker: new Waker(platform.bus, clock, encodeHint({ kind: 'mail' })),
    gate: platform.gate,
    limits: platform.limitsOf('ERR_RATE_LIMIT'),
    buckets: relayBuckets(settings),
    names: new Names(platform.secret),
    sealer,
    clock,
    random,
    log,
    counted: (outcome) => messages.inc({ outcome }),
  };
  const sessions = new Sessions();

  await app.register(async (scope: HttpApp) => mountRoutes(scope, platform, relay, sessions));
  const takeSocket: SocketHandler = (socket, wire, peer) => {
    const session = new Session(relay, socket, wire, peer, (from, data, binary) =>
      takeFrame(relay, from, data, binary),
    );
    sessions.add(session);
    socket.once('close', () => sessions.delete(session));
  };
  const rules: SocketRules = {
    perAddress: settings.RELAY_LIMIT_CONNECTIONS,
    // Logins cost work, and frames are counted.
    bucket: null,
    limited: 'ERR_RATE_LIMIT',
    unavailable: 'ERR_UNAVAILABLE',
    maxPayload: MAX_FRAME,
  };
  sockets.route(['/ws'], rules, takeSocket);
  return {
    overview: relayOverview(relay, sessions, messages),
    parts: [{ name: 'relay', healthy: () => store.healthy() && platform.bus.healthy() }],
    async close() {
      await sessions.shutDown();
      relay.waker.close();
      await store.close();
    },
  };
}

function mountRoutes(scope: HttpApp, platform: Platform, relay: Relay, sessions: Sessions): void {
  const { addresses, admin, log } = platform;
  setFailures(scope, GATE_FAILURES, log);
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, padded: true };
  });
  scope.addHook('onRequest', async (request, reply) => {
    const address = addresses.of(request.raw);
    const { refusal, allowance } = await relay.limits.address(address, relay.buckets.requests);
    if (refusal !== null) return sendRefusal(reply, refusal);
    sendAllowance(reply, allowance);
    return undefined;
  });
  scope.addHook('preValidation', async (request, reply) => {
    if (!isTooDeep(request.body, MAX_DEPTH)) return undefined;
    return sendRefusal(reply, refuse('ERR_MALFORMED', { field: 'body' }, 'The body nests too deep.'));
  });
  mountKeys(scope, relay, addresses);
  mountNickname(scope, relay);
  mountBurn(scope, relay);
  mountSend(scope, relay, addresses);
  mountStats(scope, relay, admin, sessions);
}
