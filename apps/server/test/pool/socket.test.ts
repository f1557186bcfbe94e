import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PoolFrameOut } from '@blindpost/protocol/pool';
import { minerToken } from '@blindpost/testbed/wire-pool';
import type { WireFrame, WireSocket } from '@blindpost/testbed/wire-socket';
import { shaped } from '../relay/answers.js';
import { eventually, onEveryDatabase } from './stage.js';
import { win } from './work.js';

const MINUTE = 60_000;

/** An error frame and nothing but one; `reason` may repeat its code, as on a route. */
function assertError(frame: WireFrame, code: string): void {
  const { type, error, message, details, reason, ...more } = frame;
  assert.deepEqual([type, error], ['error', code], JSON.stringify(frame));
  assert.equal(typeof message, 'string');
  assert.equal(typeof details, 'object');
  if (reason !== undefined) assert.equal(reason, code);
  assert.deepEqual(more, {});
}

await onEveryDatabase(
  'socket',
  (stage) => {
    test('a token gets its secret at once: 64 hex for ten minutes', async () => {
      for (const path of ['/ws', '/pool/ws']) {
        const miner = stage.miner();
        const socket = await miner.open(path);
        socket.send({ type: 'auth', token: miner.options.token });
        const frame = await socket.next('secret');
        shaped(PoolFrameOut, frame);
        assert.deepEqual(Object.keys(frame).sort(), ['expires_at_ms', 'secret', 'type']);
        const left = Number(frame.expires_at_ms) - Date.now();
        assert.ok(left > 9 * MINUTE && left <= 10 * MINUTE, `${left}`);
      }
    });

    test('whoever says nothing, or something else first, is its address', async () => {
      const silent = await stage.client({ from: '127.0.5.1' }).open();
      const busy = await stage.client({ from: '127.0.5.2' }).open();
      busy.send({ type: 'hashrate', hps: 5, track: 'CPU_HASH' });
      for (const socket of [silent, busy]) {
        assert.match(String((await socket.next('secret')).secret), /^[0-9a-f]{64}$/);
        assert.equal(socket.open, true);
      }
    });

    test('a bad token is refused and the socket closed: never the address, never a secret', async () => {
      const texts = ['', 'x', minerToken().slice(0, -1), `${minerToken()}x`, minerToken().slice(3)];
      for (const token of [...texts, 7, null, undefined, {}]) {
        const socket = await stage.client({ from: '127.0.5.3' }).open();
        socket.send({ type: 'auth', token });
        assert.equal((await socket.closed()).code, 1008, String(token));
        assert.deepEqual(socket.of('secret'), []);
      }
    });

    test('a second socket of one miner takes over: the first is kicked and closed 1008', async () => {
      for (const miner of [stage.miner(), stage.client({ from: '127.0.5.4' })]) {
        const first = await miner.attend();
        const second = await miner.attend();
        assert.deepEqual(await first.socket.next('kicked'), { type: 'kicked' });
        assert.equal((await first.socket.closed()).code, 1008);
        const third = await miner.attend('/ws');
        await second.socket.next('kicked');
        assert.equal((await second.socket.closed()).code, 1008);
        assert.equal(third.socket.open, true);
        assert.deepEqual(third.socket.of('kicked'), []);
      }
    });

    test('sockets of other tokens and of the address behind them stay', async () => {
      const from = '127.0.5.5';
      const [a, b] = [await stage.miner({ from }).attend(), await stage.miner({ from }).attend()];
      const address = await stage.client({ from }).attend();
      const c = await stage.miner({ from }).attend();
      await win(stage.miner());
      for (const { socket } of [a, b, address, c]) {
        await socket.next('round_solved');
        assert.deepEqual(socket.of('kicked'), []);
      }
    });

    test('round_solved tells everybody which round is over, the winner too', async () => {
      const miners = [stage.miner(), stage.miner(), stage.client({ from: '127.0.5.6' })];
      const sockets = await Promise.all(miners.map((miner) => miner.attend()));
      const [winner] = miners;
      assert.ok(winner !== undefined);
      for (let n = 0; n < 3; n += 1) {
        const { round } = await win(winner);
        for (const { socket } of sockets) {
          const frame = await socket.next('round_solved');
          assert.deepEqual(frame, { type: 'round_solved', track: round.track, round_id: round.round_id });
        }
      }
    });

    test('nobody hears of a round before the next one is there', async () => {
      const [winner, listener] = [stage.miner(), stage.miner()];
      const { socket } = await listener.attend();
      const { round } = await win(winner);
      await socket.next('round_solved');
      assert.notEqual((await listener.challenge()).round_id, round.round_id);
    });

    const wrong: Record<string, string | Buffer> = {
      'no JSON': 'nonsense',
      'half of JSON': '{"type":"hashrate","hps":',
      'no object': '[1,2,3]',
      null: 'null',
      'no type': '{"hps":1}',
      'an unknown type': '{"type":"round_solved","track":"CPU_HASH","round_id":"x"}',
      'a name of the language': '{"type":"__proto__"}',
      'a negative rate': '{"type":"hashrate","hps":-1,"track":"CPU_HASH"}',
      'a rate beyond all machines': '{"type":"hashrate","hps":1e16,"track":"CPU_HASH"}',
      'a rate as text': '{"type":"hashrate","hps":"5","track":"CPU_HASH"}',
      'a rate of no track': '{"type":"hashrate","hps":5}',
      'a rate of an unknown track': '{"type":"hashrate","hps":5,"track":"GPU"}',
      'deep JSON': `{"type":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
      bytes: Buffer.from('{"type":"hashrate","hps":5,"track":"CPU_HASH"}'),
    };
    const listening = new Map<string, WireSocket>();
    for (const [what, frame] of Object.entries(wrong)) {
      test(`a frame that is wrong (${what}) is refused`, async () => {
        const { socket } = await stage.miner().attend();
        socket.sendRaw(frame);
        assertError(await socket.next('error'), 'invalid_request');
        listening.set(what, socket);
      });
    }

    test('a socket whose frame was refused goes on', async () => {
      const { round } = await win(stage.miner());
      for (const [what, socket] of listening) {
        assert.equal(socket.open, true, what);
        await socket.next(({ round_id }) => round_id === round.round_id);
      }
      assert.equal(listening.size, Object.keys(wrong).length);
    });

    test('text that is no UTF-8 and frames beyond the bound close that socket and no other', async () => {
      const [other, text, large] = [
        (await stage.miner().attend()).socket,
        (await stage.miner().attend()).socket,
        (await stage.miner().attend()).socket,
      ];
      text.sendText(Buffer.from([0xff, 0xfe, 0xfd]));
      assert.ok([1007, 1008].includes((await text.closed()).code));
      large.sendRaw(`"${'x'.repeat(2 ** 20)}"`);
      assert.ok([1008, 1009].includes((await large.closed()).code));
      await win(stage.miner());
      await other.next('round_solved');
    });
  },
  { databases: ['sqlite'] },
);

await onEveryDatabase(
  'what a socket is told of the others',
  (stage) => {
    const stats = async (socket: WireSocket, miners: number, hps: number) => {
      const frame = await socket.next((each) => each.type === 'stats' && each.miners === miners);
      shaped(PoolFrameOut, frame);
      assert.deepEqual(Object.keys(frame).sort(), ['hps', 'miners', 'pool_balance_micro', 'type']);
      assert.equal(frame.hps, hps);
      return Number(frame.pool_balance_micro);
    };

    test('every ten seconds: how many mine, how fast they say they do, what the pool holds', async () => {
      const sockets = [(await stage.miner().attend()).socket, (await stage.miner().attend()).socket];
      const [a, b] = sockets;
      assert.ok(a !== undefined && b !== undefined);
      a.send({ type: 'hashrate', hps: 100, track: 'CPU_HASH' });
      a.send({ type: 'hashrate', hps: 1_000, track: 'CPU_HASH' });
      b.send({ type: 'hashrate', hps: 0.5, track: 'CHAIN' });
      await eventually('admin sees the rates', async () => {
        const { miners, hps } = (await stage.state()).sockets;
        return miners === 2 && hps === 1_000.5;
      });
      for (const socket of sockets) {
        const balance = await stats(socket, 2, 1_000.5);
        assert.ok(balance > 0 && balance <= (await stage.state()).pool.cap_micro);
      }
      b.terminate();
      await stats(a, 1, 1_000);
      a.terminate();
      await eventually('nobody is left', async () => {
        const { miners, hps } = (await stage.state()).sockets;
        return miners === 0 && hps === 0;
      });
    });

    test('a reported rate buys nothing', async () => {
      const liar = stage.miner();
      const { socket } = await liar.attend();
      socket.send({ type: 'hashrate', hps: 1e15, track: 'CPU_HASH' });
      await win(stage.miner());
      await socket.next('round_solved');
      assert.equal(await liar.balance(), 0);
    });
  },
  { databases: ['sqlite'] },
);
