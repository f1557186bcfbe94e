/** The generator: a process of its own that drives one server and is told by IPC what to do. */
import { randomBytes } from 'node:crypto';
import { makeAccount, type TestAccount } from '@blindpost/testbed/wire-account';
import { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { WebSocket } from 'ws';
import { serve } from './child.js';
import type { Sends } from './figures.js';
import { type Material, numbered, Sender } from './http.js';

const WARM_UP_SECONDS = 1;
const IN_FLIGHT = 64;
/** As many as a queue holds by default, of 4 KiB: far more than a socket's buffers. */
const SLOW_ENVELOPES = 10_000;
const SLOW_BYTES = 4096;
const SLOW_BATCH = 500;
const ACCOUNTS_AT_ONCE = 8;
const SETTLE_MS = 2_000;

type Paced = { url: string; pairs: number; rate: number; seconds: number };
export type LoadCalls = {
  /** So many kept connections, each of an account of its own, to one recipient or to each other. */
  http(args: { url: string; connections: number; recipients: number; seconds: number }): Promise<Sends>;
  /** One socket with 64 sends in flight. */
  socket(args: { url: string; seconds: number }): Promise<Sends>;
  /** Pairs that send at a steady rate in all; the time from the send to the recipient's frame. */
  paced(args: Paced): Promise<Sends & { lost: number }>;
  /** Fills the queues of accounts, opens their sockets and never reads them, until the process ends. */
  slow(args: { url: string; sockets: number }): Promise<null>;
};

const calls: LoadCalls = {
  async http({ url, connections, recipients, seconds }) {
    const accounts = await makeAccounts(url, connections);
    const targets = recipients === 1 ? await makeAccounts(url, 1) : accounts;
    const senders = await Promise.all(
      accounts.map(({ token }, at) =>
        Sender.open(url, token, targets[(at + 1) % targets.length]?.id ?? '', material()),
      ),
    );
    let number = 0;
    const run = await timed(seconds, connections, async (lane) => {
      const status = await senders[lane]?.send(++number);
      if (status !== 200 && status !== 201) throw new Error(`a send was answered ${status}`);
    });
    for (const sender of senders) sender.close();
    return run;
  },

  async socket({ url, seconds }) {
    const [from, to] = await makeAccounts(url, 2);
    const socket = await Line.open(url, from);
    const waiting = new Map<number, () => void>();
    socket.onFrame = (text) => {
      const ref = Number(/"ref":(\d+)/.exec(text)?.[1]);
      if (!text.startsWith('{"type":"e2ee.sent"')) return;
      waiting.get(ref)?.();
      waiting.delete(ref);
    };
    const body = JSON.stringify({ recipientId: to?.id, ...material() });
    let ref = 0;
    const run = await timed(seconds, IN_FLIGHT, () => {
      ref += 1;
      const data = `${body.slice(0, -1)},"clientMessageId":"${numbered(ref)}"}`;
      socket.send(`{"type":"e2ee.send","ref":${ref},"data":${data}}`);
      return new Promise<void>((resolve) => waiting.set(ref, resolve));
    });
    socket.close();
    return run;
  },

  async paced({ url, pairs, rate, seconds }) {
    const accounts = await makeAccounts(url, 2 * pairs);
    const lines = await Promise.all(accounts.map((account) => Line.open(url, account)));
    const total = rate * seconds;
    const begun = new Float64Array(total);
    const times: number[] = [];
    for (const line of lines) {
      line.onFrame = (text) => {
        if (!text.startsWith('{"type":"e2ee.envelope"')) return;
        const now = performance.now();
        const { clientMessageId, sequence } = JSON.parse(text).data;
        times.push(now - (begun[Number(clientMessageId)] ?? 0));
        line.send(JSON.stringify({ type: 'e2ee.ack', data: { upTo: sequence } }));
      };
    }
    const start = performance.now();
    for (let next = 0; next < total; ) {
      for (const now = performance.now(); next < total && start + (next * 1000) / rate <= now; next++) {
        const at = (next % pairs) * 2;
        const data = { recipientId: accounts[at + 1]?.id, ...material(), clientMessageId: numbered(next) };
        const frame = JSON.stringify({ type: 'e2ee.send', ref: next, data });
        begun[next] = performance.now();
        lines[at]?.send(frame);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    const took = (performance.now() - start) / 1000;
    for (let arrived = -1; times.length < total && times.length > arrived; ) {
      arrived = times.length;
      await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
    for (const line of lines) line.close();
    return { seconds: took, times: Float64Array.from(times), lost: total - times.length };
  },

  async slow({ url, sockets }) {
    const accounts = await makeAccounts(url, sockets);
    const [from] = await makeAccounts(url, 1);
    if (from === undefined) throw new Error('there is no sender');
    const wire = new E2eeWire(url, from);
    for (const { id } of accounts) {
      for (let stored = 0; stored < SLOW_ENVELOPES; stored += SLOW_BATCH) {
        const items = Array.from({ length: SLOW_BATCH }, () => ({
          recipientId: id,
          ciphertext: randomBytes(SLOW_BYTES).toString('base64'),
        }));
        const answer = await wire.distribute('bench', items);
        if (answer.status !== 200) throw new Error(`a distribution was answered ${answer}`);
      }
    }
    wire.end();
    for (const account of accounts) (await Line.open(url, account)).pause();
    return null;
  },
};

/** Runs lanes one step after the other for so long after a warm-up; the times of the steps that began within. */
async function timed(
  seconds: number,
  lanes: number,
  step: (lane: number) => Promise<unknown>,
): Promise<Sends> {
  const start = performance.now() + WARM_UP_SECONDS * 1000;
  const end = start + seconds * 1000;
  const times: number[] = [];
  const loop = async (lane: number) => {
    for (let began = performance.now(); began < end; began = performance.now()) {
      await step(lane);
      const now = performance.now();
      if (now >= start && now < end) times.push(now - began);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => loop(lane)));
  return { seconds, times: Float64Array.from(times) };
}

async function makeAccounts(url: string, count: number): Promise<TestAccount[]> {
  const made: TestAccount[] = [];
  while (made.length < count) {
    const batch = Math.min(ACCOUNTS_AT_ONCE, count - made.length);
    made.push(...(await Promise.all(Array.from({ length: batch }, () => makeAccount(url)))));
  }
  return made;
}

function material(): Material {
  return { ciphertext: randomBytes(256).toString('base64'), header: randomBytes(40).toString('base64') };
}

/** One socket of an account, in as few words as it takes. */
class Line {
  onFrame: (text: string) => void = () => undefined;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.onFrame(String(data)));
  }

  static open(url: string, account: TestAccount | undefined): Promise<Line> {
    const headers = { authorization: `Bearer ${account?.token}` };
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/e2ee/ws`, {
      headers,
      perMessageDeflate: false,
    });
    return new Promise((resolve, reject) => {
      socket.once('open', () => resolve(new Line(socket)));
      socket.once('error', reject);
    });
  }

  send(text: string): void {
    this.socket.send(text);
  }
  pause(): void {
    this.socket.pause();
  }
  close(): void {
    this.socket.close();
  }
}

serve((verb, args) => {
  switch (verb) {
    case 'http':
      return calls.http(args);
    case 'socket':
      return calls.socket(args);
    case 'paced':
      return calls.paced(args);
    case 'slow':
      return calls.slow(args);
    default:
      throw new Error(`the generator knows no ${verb}`);
  }
});
