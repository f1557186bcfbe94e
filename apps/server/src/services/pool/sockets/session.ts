import { errorBody, type Refusal, refuse } from '@blindpost/protocol/errors';
import { POOL_AUTH_DEADLINE_MS, type PoolFrameOut, SECRET_RESEND_MS } from '@blindpost/protocol/pool';
import type { RawData, WebSocket } from 'ws';
import type { Clock, Timer } from '../../../platform/clock.js';
import type { Peer } from '../../../platform/http/sockets.js';
import type { Identities } from '../miners/identity.js';
import type { Miner } from '../miners/miner.js';
import type { SecretMint } from '../miners/secret.js';
import type { PoolSettings } from '../settings.js';
import { decodeFrame } from './frame.js';

/** A miner reports now and then; whoever sends more is not mining. */
const FRAMES = 30;
const FRAMES_WINDOW_MS = 10_000;
/** Frames that lie unread at the peer, bytes; beyond, it is gone. */
const BUFFERED_BOUND = 64 * 1024;
const POLICY_VIOLATION = 1008;

/** What a session needs of the pool to know who comes. */
export type SessionParts = {
  clock: Clock;
  identities: Identities;
  secrets: SecretMint;
  settings: Pick<PoolSettings, 'POOL_ADDRESS_IDENTITY'>;
};

/** What the floor is told of one socket. */
export type SessionListener = {
  /** The socket has said who it is. */
  onMiner(session: MinerSession): void;
  onClose(session: MinerSession): void;
};

/** One miner's socket: who it is, its secret, its hash rate. */
export class MinerSession {
  miner: Miner | null = null;
  hps = 0;
  readonly #pool: SessionParts;
  readonly #socket: WebSocket;
  readonly #peer: Peer;
  readonly #listener: SessionListener;
  #timer: Timer;
  #frames = 0;
  #windowEnds = 0;

  constructor(pool: SessionParts, socket: WebSocket, peer: Peer, listener: SessionListener) {
    this.#pool = pool;
    this.#socket = socket;
    this.#peer = peer;
    this.#listener = listener;
    this.#timer = pool.clock.after(POOL_AUTH_DEADLINE_MS, () => this.#becomeAddress());
    socket.on('message', this.#onMessage);
    // `ws` closes by itself after an error, with the code that says why.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#timer.cancel();
      listener.onClose(this);
    });
  }

  send(frame: PoolFrameOut): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > BUFFERED_BOUND) this.#socket.terminate();
    else this.#socket.send(JSON.stringify(frame));
  }

  /** Another socket of this miner took over. */
  kick(): void {
    this.send({ type: 'kicked' });
    this.#socket.close(POLICY_VIOLATION, 'another socket of this miner opened');
  }

  /** @param code of RFC 6455 */
  close(code: number): void {
    this.#socket.close(code);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  readonly #onMessage = (data: RawData, binary: boolean): void => {
    if (this.#tooMany()) {
      this.#refuseAndClose(refuse('rate_limit_exceeded', { retryAfter: FRAMES_WINDOW_MS / 1000 }));
      return;
    }
    const decoded = decodeFrame(data, binary);
    if (!decoded.ok && decoded.code === 'unauthorized') this.#refuseAndClose(decoded);
    else if (!decoded.ok) this.#refuse(decoded);
    else if (decoded.frame.type === 'auth') this.#authenticate(decoded.frame.token);
    else this.#report(decoded.frame.hps);
  };

  #tooMany(): boolean {
    const now = this.#pool.clock.monotonic();
    if (now >= this.#windowEnds) {
      this.#windowEnds = now + FRAMES_WINDOW_MS;
      this.#frames = 0;
    }
    this.#frames += 1;
    return this.#frames > FRAMES;
  }

  #report(hps: number): void {
    // Whoever begins with something else than a token has none to show.
    if (this.miner === null) this.#becomeAddress();
    this.hps = hps;
  }

  #authenticate(token: string): void {
    const miner = this.#pool.identities.byToken(token, this.#peer.address);
    if (miner === null) this.#refuseAndClose(refuse('unauthorized', { field: 'token' }));
    else if (this.miner === null) this.#become(miner);
    else if (this.miner.name !== miner.name)
      this.#refuse(
        refuse('invalid_request', { field: 'type' }, 'This socket has a miner already; open another.'),
      );
  }

  #becomeAddress(): void {
    const { POOL_ADDRESS_IDENTITY } = this.#pool.settings;
    if (!POOL_ADDRESS_IDENTITY) this.#refuseAndClose(refuse('unauthorized', { field: 'token' }));
    // A page of another site would hear its visitor's secret.
    else if (!this.#peer.ownOrigin) this.#refuseAndClose(refuse('forbidden', { field: 'origin' }));
    else this.#become(this.#pool.identities.byAddress(this.#peer.address));
  }

  #become(miner: Miner): void {
    this.miner = miner;
    this.#listener.onMiner(this);
    this.#sendSecret(miner);
  }

  #sendSecret(miner: Miner): void {
    const { secret, expiresAt } = this.#pool.secrets.make(miner.id, this.#pool.clock.now());
    this.send({ type: 'secret', secret, expires_at_ms: expiresAt });
    this.#timer.cancel();
    this.#timer = this.#pool.clock.after(SECRET_RESEND_MS, () => this.#sendSecret(miner));
  }

  #refuse(refusal: Refusal): void {
    this.send({ type: 'error', ...errorBody(refusal) });
  }

  #refuseAndClose(refusal: Refusal): void {
    this.#refuse(refusal);
    this.#timer.cancel();
    this.#socket.close(POLICY_VIOLATION, refusal.code);
  }
}
