/**
 * The store under load, in a process of its own, for bench/e2ee: opens the database as the server does and writes
 * to it as it is told. Everything written is made before the clock starts.
 */
import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { systemClock } from '../../../../platform/clock.js';
import { systemRandom } from '../../../../platform/random.js';
import type { Database } from '../../../../platform/sql/database.js';
import { uuidv7 } from '../../../../platform/sql/id.js';
import { openDatabase } from '../../../../platform/sql/open.js';
import { E2EE_MIGRATIONS } from '../../migrations.js';
import { type Deliver, deliver } from '../deliver.js';
import { openQueue } from '../open-queue.js';
import { DEFAULT_DEVICE } from '../queue.js';

type Calls = {
  /** A file of SQLite, or the URL of a PostgreSQL; so many queues are made in it. */
  open(args: { path?: string; url?: string; recipients: number }): Promise<null>;
  /** Stores envelopes for the first recipients, many at a time. */
  fill(args: { envelopes: number; recipients: number }): Promise<null>;
  /** Every sender sends its share, the next when the last is on disk; answers seconds and the times in ms. */
  sends(args: { senders: number; recipients: number; sends: number }): Promise<Sends>;
  close(args: null): Promise<null>;
};
type Sends = { seconds: number; times: Float64Array };
type Message = { [V in keyof Calls]: { verb: V; args: Parameters<Calls[V]>[0] } }[keyof Calls];

const CIPHERTEXT = 256;
const HEADER = 40;
const ID = 16;
const HASH = 32;
const SIZE = CIPHERTEXT + HEADER + ID + 128;
const NO_LIMITS = { envelopes: 0, bytes: 0 };
/** Envelopes of one input, and inputs under way, of a fill. */
const FILL = 250;
const FILLS = 8;

let db: Database;
let accounts: Uint8Array[] = [];
const fresh = (length: number) => Uint8Array.from(randomBytes(length));
const senders = Array.from({ length: 64 }, () => fresh(ID));

const calls: Calls = {
  async open({ path, url, recipients }) {
    const place = { DATA_DIR: '', DB_PATH: path, DATABASE_URL: url };
    db = await openDatabase(place, E2EE_MIGRATIONS, systemClock);
    accounts = Array.from({ length: recipients }, () => fresh(ID));
    await Promise.all(accounts.map((account) => db.write(openQueue, { account, device: DEFAULT_DEVICE })));
    return null;
  },

  async fill({ envelopes, recipients }) {
    let left = envelopes;
    const lane = async () => {
      while (left > 0) {
        const count = Math.min(FILL, left);
        left -= count;
        const drafts = Array.from({ length: count }, (_, at) => draft(at, left + at, recipients));
        await db.write(deliver, { drafts, limits: NO_LIMITS });
      }
    };
    await Promise.all(Array.from({ length: FILLS }, lane));
    return null;
  },

  async sends({ senders, recipients, sends }) {
    const inputs: Deliver[] = Array.from({ length: sends }, (_, at) => ({
      drafts: [draft(at % senders, at, recipients)],
      limits: NO_LIMITS,
    }));
    const times = new Float64Array(sends);
    const start = systemClock.monotonic();
    const sender = async (first: number) => {
      for (let at = first; at < sends; at += senders) {
        const input = inputs[at];
        if (input === undefined) break;
        const began = systemClock.monotonic();
        const { status } = await db.write(deliver, input);
        times[at] = systemClock.monotonic() - began;
        if (status !== 'ok') throw new Error(`a send was answered ${status}`);
      }
    };
    await Promise.all(Array.from({ length: senders }, (_, first) => sender(first)));
    return { seconds: (systemClock.monotonic() - start) / 1000, times };
  },

  async close() {
    await db.close();
    return null;
  },
};

function draft(from: number, to: number, recipients: number): Deliver['drafts'][number] {
  return {
    id: uuidv7(systemClock, systemRandom),
    recipient: { account: accounts[to % recipients] ?? fresh(ID), device: DEFAULT_DEVICE },
    sender: senders[from % senders.length] ?? fresh(ID),
    key: fresh(ID),
    content: fresh(HASH),
    type: 0,
    session: null,
    group_id: null,
    client_id: fresh(ID),
    ciphertext: fresh(CIPHERTEXT),
    header: fresh(HEADER),
    signature: null,
    meta: null,
    size: SIZE,
    expires_at: null,
    created_at: systemClock.now(),
  };
}

function perform({ verb, args }: Message): Promise<Sends | null> {
  switch (verb) {
    case 'open':
      return calls.open(args);
    case 'fill':
      return calls.fill(args);
    case 'sends':
      return calls.sends(args);
    case 'close':
      return calls.close(args);
  }
}

process.on('message', (message: Message) => {
  perform(message).then(
    (answer) => process.send?.({ ok: true, answer }),
    (error: unknown) =>
      process.send?.({ ok: false, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.once('disconnect', () => process.exit());
