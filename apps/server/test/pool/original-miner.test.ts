/**
 * A miner as people wrote them for the original service: it knows the document and nothing of this project,
 * has no token, and is who its address is. Nothing here is imported but the server's own start.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { WebSocket } from 'ws';

type Json = { [member: string]: unknown };
type Params = { challenge: string; seed: string; rounds: number; bits: number };
type Challenge = { track: string; round_id: string; params: Params };

const rotl = (x: number, n: number) => ((x << (n & 31)) | (x >>> (-n & 31))) >>> 0;

/** BRANCHY_MIX: of the seven the one that plain JavaScript does nearly as fast as a kernel. */
function branchyMix({ challenge, seed, rounds }: Params, nonce: string): Buffer {
  const h = createHash('sha256')
    .update(challenge + seed + nonce)
    .digest();
  const word = (i: number) => h.readUInt32LE(4 * i);
  let [a, b, c, d, x, y, z, w] = [word(0), word(1), word(2), word(3), word(4), word(5), word(6), word(7)];
  const table = new Uint32Array(16);
  for (let i = 0; i < 16; i += 1) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    y = (y + 0x9e3779b9 + ((x ^ i) >>> 0)) | 0;
    z = rotl(z ^ y, i + 1);
    w ^= (z + 0x7f4a7c15) | 0;
    table[i] = x ^ y ^ z ^ w;
  }
  const entry = (i: number) => table[i & 15] ?? 0;
  for (let i = 0; i < rounds; i += 1) {
    const s = (a ^ rotl(b, 7) ^ Math.imul(c, 0x9e3779b9) ^ i) >>> 0;
    if ((s & 3) === 0) {
      a = (a + rotl(d, 11)) | 0;
      b ^= rotl(a, 3);
      c = (c + (b ^ 0x85ebca6b)) | 0;
      d ^= rotl(c, 17);
    } else if ((s & 3) === 1) {
      a = (Math.imul(a ^ 0x27d4eb2d, b | 1) + c) | 0;
      b = (Math.imul(b ^ 0x165667b1, c | 1) + d) | 0;
      c = (Math.imul(c ^ 0xd3a2646c, d | 1) + a) | 0;
      d = (Math.imul(d ^ 0xfd7046c5, a | 1) + b) | 0;
    } else if ((s & 3) === 2) {
      const v = entry(rotl(s, 5) ^ (b >>> 3));
      a ^= v;
      b = (b + rotl(v, (a & 15) + 1)) | 0;
      c ^= (v + i) | 0;
      d = (d + (a ^ c)) | 0;
    } else {
      const k = s ^ rotl(a, 9);
      const v = entry(k) ^ rotl(entry((k & 15) + 7), 13);
      a = (rotl(a ^ v, 9) + b) | 0;
      b = rotl((b + v) | 0, 5) ^ c;
      c = (rotl(c ^ ((a + i) | 0), 3) + d) | 0;
      d = rotl((d + (b ^ i)) | 0, 7) ^ a;
    }
    const t = a;
    a = (a + c) | 0;
    c ^= b;
    b = (b + d) | 0;
    d ^= t;
  }
  const out = Buffer.alloc(16);
  [a, b, c, d].forEach((value, i) => {
    out.writeInt32LE(value | 0, 4 * i);
  });
  return createHash('sha256').update(out).digest();
}

class OriginalMiner {
  secret = '';
  readonly solved: Json[] = [];
  readonly #socket: WebSocket;
  readonly #welcome: Promise<void>;

  constructor(readonly host: string) {
    this.#socket = new WebSocket(`ws://${host}/ws`);
    this.#welcome = new Promise((resolve, reject) => {
      this.#socket.on('error', reject);
      this.#socket.on('message', (data) => {
        const message: Json = JSON.parse(String(data));
        if (message.type === 'round_solved') this.solved.push(message);
        if (message.type !== 'secret') return;
        this.secret = String(message.secret);
        resolve();
      });
    });
  }

  ready(): Promise<void> {
    return this.#welcome;
  }

  ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const [host = '', port = ''] = this.host.split(':');
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    return new Promise<{ status: number; body: Json }>((resolve, reject) => {
      // It mines for longer than the server keeps an idle connection, and would write into a closed one.
      const about = { host, port, method, path, headers: { ...json, ...headers }, agent: false } as const;
      const call = request(about, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
      });
      call.on('error', reject);
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  async challenge(): Promise<Challenge> {
    const { body } = await this.ask('GET', '/challenge');
    const { track, round_id, params } = body;
    assert.ok(typeof track === 'string' && typeof round_id === 'string', JSON.stringify(body));
    assert.ok(typeof params === 'object' && params !== null);
    const { challenge, seed, rounds, bits }: Json = { ...params };
    assert.ok(typeof challenge === 'string' && typeof seed === 'string');
    assert.ok(typeof rounds === 'number' && typeof bits === 'number');
    return { track, round_id, params: { challenge, seed, rounds, bits } };
  }

  mine({ params }: Challenge): string {
    for (let n = 0; ; n += 1) {
      const nonce = n.toString(16).padStart(32, '0');
      const digest = branchyMix(params, nonce).readUInt32BE(0);
      if (Math.clz32(digest) >= params.bits) return nonce;
    }
  }

  submit({ track, round_id }: Challenge, nonce: string, secret = this.secret) {
    const headers = { 'X-POW-SECRET': secret };
    return this.ask('POST', '/submit', { track, round_id, proof: { nonce } }, headers);
  }

  leave(): void {
    this.#socket.terminate();
  }
}

describe('a miner of the original, unmodified', () => {
  let server: TestServer;
  let miner: OriginalMiner;

  before(async () => {
    server = await startServer({
      services: ['pool'],
      env: { POOL_REQUIRE_SECRET: 'true', POOL_TRACK_WEIGHTS: 'BRANCHY_MIX=1' },
    });
    miner = new OriginalMiner(new URL(server.url).host);
    await miner.ready();
  });
  after(async () => {
    miner.leave();
    await server.stop();
  });

  test('gets a secret without saying who it is', () => {
    assert.match(miner.secret, /^[0-9a-f]{64}$/);
  });

  test('wins a round, hears of it, is paid, and takes a code for it all', async () => {
    let challenge = await miner.challenge();
    assert.equal(challenge.track, 'BRANCHY_MIX');
    let answer = await miner.submit(challenge, miner.mine(challenge));
    // Where nobody is in time, the round is replaced with an easier one.
    while (answer.body.status === 'too_late') {
      challenge = await miner.challenge();
      answer = await miner.submit(challenge, miner.mine(challenge));
    }
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    assert.equal(answer.body.status, 'win', JSON.stringify(answer.body));
    const payout = Number(answer.body.payout_micro);
    assert.ok(payout > 0);

    const balance = await miner.ask('GET', '/balance');
    assert.equal(balance.body.pending_balance_micro, payout);

    const code = await miner.ask('POST', '/withdraw_code', {});
    assert.equal(code.status, 200, JSON.stringify(code.body));
    assert.equal(code.body.status, 'ok');
    assert.match(String(code.body.code), /^[0-9a-f]{32}$/);
    assert.equal(code.body.amount_micro, payout);
    assert.equal(code.body.quota, Math.floor(payout / 2));

    const history = await miner.ask('GET', '/withdraw_code/history');
    assert.equal(history.body.status, 'ok');
    const [item, ...more] = Array.isArray(history.body.items) ? history.body.items : [];
    assert.deepEqual(more, []);
    assert.equal(item.code, code.body.code);
    assert.equal(item.amount_micro, payout);
    assert.equal(item.quota, code.body.quota);
    assert.ok(Math.abs(item.ts_ms - Date.now()) < 60_000);

    const emptied = await miner.ask('GET', '/balance');
    assert.equal(emptied.body.pending_balance_micro, 0);

    const solved = miner.solved.at(-1);
    assert.deepEqual(solved, { type: 'round_solved', track: challenge.track, round_id: challenge.round_id });
    assert.notEqual((await miner.challenge()).round_id, challenge.round_id);
  });

  test('is told bad_secret when it shows none or a wrong one', async () => {
    const challenge = await miner.challenge();
    for (const secret of ['', '0'.repeat(64)]) {
      const answer = await miner.submit(challenge, 'any', secret);
      assert.deepEqual([answer.status, answer.body.reason], [401, 'bad_secret']);
    }
  });
});
