import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { verify } from '@blindpost/pow/tracks';
import { Miner, type MinerOptions, type MinerState, PoolError } from './index.js';
import { type Asked, refusal, type Said, StandIn, until } from './stand-in.fixture.js';
import { newMinerToken } from './token.js';

const EASY = 8;
/** Nobody finds it. */
const HOPELESS = 256;
const WIN = { status: 'win', payout_micro: 5, pool_balance_micro: 100, solve_time_ms: 1 };

const pool = new StandIn();
const { welcome } = pool;
let round: { id: number; bits: number };
/** Answers of `/submit`, the last one for ever; undefined drops the connection. */
let submits: (Said | undefined)[];
let miner: Miner;
let running: Promise<void>;
let errors: Error[];
let states: MinerState[];

before(() => pool.start());
after(() => pool.stop());
beforeEach(() => {
  pool.asked.length = 0;
  pool.frames.length = 0;
  pool.logins = 0;
  pool.welcome = welcome;
  round = { id: 1, bits: EASY };
  submits = [{ body: WIN }];
  pool.answer = answer;
});
afterEach(async () => {
  miner.stop();
  await running.catch(() => {});
  await until(() => pool.empty);
});

/** A pool with one round, which every submit ends. */
function answer({ path }: Asked): Said | undefined {
  if (path === '/pool/balance') return { body: { pending_balance_micro: 42, withdrawn_total_micro: 0 } };
  if (path === '/pool/challenge') return { body: challenge() };
  const [said] = submits.length > 1 ? submits.splice(0, 1) : submits;
  if (said !== undefined) round = { ...round, id: round.id + 1 };
  return said;
}

function challenge() {
  const { id, bits } = round;
  const params = { challenge: `round ${id}`, bits };
  return { track: 'CPU_HASH', round_id: String(id), params, issued_at_ms: 1 };
}

function start(options: Partial<MinerOptions> = {}): Miner {
  errors = [];
  states = [];
  miner = new Miner({
    url: pool.url,
    token: newMinerToken(),
    workers: 1,
    onState: (state) => states.push(state),
    onError: (error) => errors.push(error),
    ...options,
  });
  running = miner.run();
  // A test that expects the end looks at `running` itself.
  running.catch(() => {});
  return miner;
}

function submitted(): Asked[] {
  return pool.asked.filter(({ path }) => path === '/pool/submit');
}

function nonceOf({ body }: Asked): { round: string; nonce: string } {
  assert.ok(typeof body === 'object' && body !== null && 'proof' in body && 'round_id' in body);
  const { proof } = body;
  assert.ok(typeof proof === 'object' && proof !== null && 'nonce' in proof);
  return { round: String(body.round_id), nonce: String(proof.nonce) };
}

test('one round after the other is won, with nonces that win, and counted', async () => {
  start();
  await until(() => miner.state.wins >= 3 && miner.state.balanceMicro === 42);
  miner.stop();
  await running;
  for (const asked of submitted().slice(0, 3)) {
    const { round: id, nonce } = nonceOf(asked);
    assert.equal((await verify('CPU_HASH', { challenge: `round ${id}`, bits: EASY }, nonce)).code, 1);
  }
  const { status, track, lastPayoutMicro, attempts } = miner.state;
  assert.deepEqual([status, track, lastPayoutMicro], ['stopped', 'CPU_HASH', 5]);
  assert.ok(attempts >= 3);
  assert.deepEqual(errors, []);
});

test('a solved round ends the search for it at once, another one does not', async () => {
  round.bits = HOPELESS;
  start();
  await until(() => miner.state.socket === 'open' && miner.state.attempts > 0);
  pool.say({ type: 'round_solved', track: 'CHAIN', round_id: 'another' });
  const { attempts } = miner.state;
  await until(() => miner.state.attempts > attempts);
  assert.equal(miner.state.round, '1');
  round = { id: 2, bits: EASY };
  pool.say({ type: 'round_solved', track: 'CPU_HASH', round_id: '1' });
  await until(() => miner.state.wins > 0);
  assert.equal(nonceOf(submitted()[0] ?? assert.fail()).round, '2');
});

test('a round that ended while there was no socket is found out when it is back', async () => {
  round.bits = HOPELESS;
  start();
  await until(() => miner.state.socket === 'open' && miner.state.status === 'mining');
  pool.socket.terminate();
  round = { id: 2, bits: EASY };
  // The look at the first login may still be on its way and find it out as well.
  await until(() => miner.state.wins > 0 && pool.logins === 2);
});

test('a found nonce is submitted until it has an answer, and a win is counted once', async () => {
  const later = { status: 503, headers: { 'retry-after': '0' }, body: refusal('unavailable') };
  submits = [
    undefined,
    later,
    { status: 502, body: '<html>' },
    { body: WIN },
    { body: { status: 'too_late' } },
  ];
  start();
  await until(() => submitted().length >= 6);
  assert.equal(miner.state.wins, 1);
  const nonces = submitted().map((asked) => nonceOf(asked).nonce);
  assert.equal(new Set(nonces.slice(0, 4)).size, 1);
  assert.deepEqual(
    errors.slice(0, 3).map((error) => error instanceof PoolError && error.code),
    ['unreachable', 'unavailable', 'bad_answer'],
  );
});

test('a pool that is not there yet is waited for', async () => {
  let absent = 3;
  pool.answer = (asked) => (absent-- > 0 ? undefined : answer(asked));
  start();
  await until(() => miner.state.wins > 0);
  assert.ok(states.some(({ status }) => status === 'waiting'));
});

test('a proof that the pool calls invalid is told, and the miner goes on', async () => {
  submits = [{ body: { status: 'invalid', reason: 'not_enough_bits' } }, { body: WIN }];
  start();
  await until(() => miner.state.wins > 0);
  assert.ok(errors[0] instanceof PoolError && errors[0].code === 'invalid_proof');
});

test('a round that is the miner’s no more is left for the next one', async () => {
  submits = [
    { status: 400, body: refusal('lock_mismatch') },
    { status: 400, body: refusal('unknown_round') },
    { body: { status: 'too_late' } },
    { body: WIN },
  ];
  start();
  await until(() => miner.state.wins > 0);
  assert.equal(submitted().length >= 4, true);
});

test('a bad secret is renewed by a new socket, and the same nonce wins', async () => {
  submits = [{ status: 401, body: { ...refusal('bad_secret'), reason: 'bad_secret' } }, { body: WIN }];
  round.bits = HOPELESS;
  start();
  await until(() => miner.state.socket === 'open' && miner.state.attempts > 0);
  round = { id: 2, bits: EASY };
  pool.say({ type: 'round_solved', track: 'CPU_HASH', round_id: '1' });
  await until(() => miner.state.wins > 0 && pool.logins >= 2);
  const [first, second] = submitted();
  assert.deepEqual(nonceOf(first ?? assert.fail()), nonceOf(second ?? assert.fail()));
});

test('a secret that has not come yet is waited for', async () => {
  pool.welcome = [];
  pool.answer = (asked) =>
    asked.path === '/pool/submit' && asked.headers['x-pow-secret'] === undefined
      ? { status: 401, body: refusal('bad_secret') }
      : answer(asked);
  start();
  await until(() => submitted().length >= 3);
  assert.equal(pool.logins, 1);
  pool.say({ type: 'secret', secret: 'ef'.repeat(32), expires_at_ms: 1 });
  await until(() => miner.state.wins > 0);
});

test('a miner that was replaced goes on without a socket, unless the pool wants secrets', async () => {
  pool.welcome = [...welcome, { type: 'kicked' }];
  start();
  await until(() => pool.logins === 1);
  pool.socket.close(1008);
  await until(() => miner.state.socket === 'kicked');
  const { wins } = miner.state;
  await until(() => miner.state.wins > wins);
  submits = [{ status: 401, body: refusal('bad_secret') }];
  await assert.rejects(running, (error) => error instanceof PoolError && error.code === 'kicked');
});

test('a pool that does not want this miner ends it with its reason', async () => {
  pool.answer = () => ({ status: 401, body: refusal('unauthorized') });
  start();
  await assert.rejects(running, (error) => error instanceof PoolError && error.code === 'unauthorized');
  assert.equal(miner.state.status, 'stopped');
});

test('a round that cannot be worked on is told, and the next one is asked for', async () => {
  round.bits = -1;
  start();
  await until(() => errors.length >= 2);
  round.bits = EASY;
  await until(() => miner.state.wins > 0);
});

test('paused, nothing is tried and a solved round is left; resumed, it goes on with the next', async () => {
  round.bits = HOPELESS;
  start();
  await until(() => miner.state.socket === 'open' && miner.state.attempts > 0);
  miner.pause();
  assert.equal(miner.state.status, 'paused');
  round = { id: 2, bits: EASY };
  pool.say({ type: 'round_solved', track: 'CPU_HASH', round_id: '1' });
  await until(() => miner.state.round === '2');
  assert.deepEqual([miner.state.rate, submitted().length], [0, 0]);
  miner.throttle(50);
  miner.resume();
  await until(() => miner.state.wins > 0);
});

test('stop ends it wherever it is: searching, submitting, waiting', async () => {
  round.bits = HOPELESS;
  start();
  await until(() => miner.state.attempts > 0);
  miner.stop();
  await running;

  round.bits = EASY;
  submits = [undefined];
  start();
  await until(() => submitted().length >= 2);
  miner.stop();
  await running;

  pool.answer = () => undefined;
  start();
  await until(() => miner.state.status === 'waiting');
  miner.stop();
  await running;
  assert.equal(miner.state.status, 'stopped');
});
