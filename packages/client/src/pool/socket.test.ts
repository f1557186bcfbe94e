import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type PoolError, PoolSocket, type SocketState } from './index.js';
import { StandIn, until } from './stand-in.fixture.js';
import { newMinerToken } from './token.js';

const pool = new StandIn();
const token = newMinerToken();
const open: PoolSocket[] = [];
const { welcome } = pool;

before(() => pool.start());
beforeEach(() => {
  for (const socket of open.splice(0)) socket.close();
  pool.frames.length = 0;
  pool.logins = 0;
  pool.welcome = welcome;
});
after(() => {
  for (const socket of open) socket.close();
  pool.stop();
});

/** A socket that writes down what it hears. */
function listen() {
  const states: SocketState[] = [];
  const heard: unknown[] = [];
  const errors: PoolError[] = [];
  const socket = new PoolSocket(
    { url: pool.url, token },
    {
      secret: ({ secret }) => heard.push(secret),
      roundSolved: ({ round_id }) => heard.push(round_id),
      stats: ({ miners }) => heard.push(miners),
      state: (state) => states.push(state),
      failed: (error) => errors.push(error),
    },
  );
  open.push(socket);
  return { socket, states, heard, errors, over: socket.open() };
}

test('the token goes first; secrets, solved rounds and stats are told', async () => {
  const { socket, heard } = listen();
  await until(() => socket.state === 'open');
  assert.deepEqual(pool.frames, [{ type: 'auth', token }]);
  pool.say({ type: 'round_solved', track: 'CHAIN', round_id: 'r1' });
  pool.say({ type: 'stats', miners: 7, hps: 1.5, pool_balance_micro: 1 });
  pool.say({ type: 'secret', secret: 'cd'.repeat(32), expires_at_ms: 2 });
  await until(() => heard.length === 4);
  assert.deepEqual(heard, ['ab'.repeat(32), 'r1', 7, 'cd'.repeat(32)]);
});

test('a hash rate is reported while there is a connection, and within what the pool takes', async () => {
  const { socket } = listen();
  socket.report(1, 'CHAIN');
  await until(() => socket.state === 'open');
  socket.report(1e300, 'CHAIN');
  await until(() => pool.frames.length === 2);
  assert.deepEqual(pool.frames[1], { type: 'hashrate', hps: 1e15, track: 'CHAIN' });
});

test('a lost connection comes back, with its token and a new secret', async () => {
  const { socket, states } = listen();
  for (let logins = 1; logins <= 3; logins++) {
    await until(() => pool.logins === logins && socket.state === 'open');
    pool.socket.terminate();
    await until(() => socket.state !== 'open');
  }
  assert.deepEqual(states.slice(0, 4), ['connecting', 'open', 'waiting', 'connecting']);
});

test('kicked is the end: coming back would throw the other one out', async () => {
  const { socket, over } = listen();
  await until(() => socket.state === 'open');
  pool.say({ type: 'kicked' });
  pool.socket.close(1008);
  await over;
  assert.equal(socket.state, 'kicked');
  assert.equal(pool.logins, 1);
});

test('nonsense is told and does no harm', async () => {
  const { socket, heard, errors } = listen();
  await until(() => socket.state === 'open');
  const nonsense = [
    '',
    'null',
    '{',
    { type: 'secret', secret: 'short' },
    { type: 'round_solved' },
    { type: 1 },
  ];
  for (const frame of nonsense) pool.say(frame);
  await until(() => errors.length === nonsense.length);
  assert.ok(errors.every(({ code }) => code === 'bad_answer'));
  assert.equal(heard.length, 1);
  assert.equal(socket.state, 'open');
});

test('a pool that wants no such miner is asked again, more and more slowly, and says why', async () => {
  pool.welcome = [{ type: 'error', error: 'unauthorized', message: 'no', details: {} }];
  const { socket, errors } = listen();
  for (let logins = 1; logins <= 3; logins++) {
    await until(() => pool.logins === logins);
    pool.socket.close(1008);
    await until(() => errors.length === logins);
  }
  assert.ok(errors.every(({ code }) => code === 'unauthorized'));
  assert.notEqual(socket.state, 'open');
});

test('close ends it at any moment', async () => {
  const idle = new PoolSocket({ url: pool.url, token });
  idle.close();
  assert.equal(idle.state, 'closed');
  const early = listen();
  early.socket.close();
  await early.over;
  const late = listen();
  await until(() => late.socket.state === 'open');
  late.socket.close();
  await late.over;
  assert.deepEqual([early.socket.state, late.socket.state], ['closed', 'closed']);
});
