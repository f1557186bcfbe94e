import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@blindpost/testbed/postgres';
import { median, round } from '../relay/latency.js';
import { Child } from './child.js';
import { type Figures, figuresOf, type Sends } from './figures.js';

/** The server's own program: the store is not among what its workspace exports. */
const PROGRAM = new URL(
  '../../../apps/server/dist/src/services/e2ee/store/contract/load.program.js',
  import.meta.url,
);

type StoreCalls = {
  open(args: { path?: string; url?: string; recipients: number }): Promise<null>;
  fill(args: { envelopes: number; recipients: number }): Promise<null>;
  sends(args: { senders: number; recipients: number; sends: number }): Promise<Sends>;
  close(args: null): Promise<null>;
};

export type StoreRun = { target: string; senders: number; recipients: number } & Figures;
export type Load = { senders: number; recipients: number; sends: number };

/** Where the test bed's Redis and PostgreSQL keep their data too: TMPDIR must be on a disk. */
function makeFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'blindpost-bench-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Does something with the store in a process of its own, on a database that is gone afterwards. */
async function withStore<T>(
  place: { path?: string; url?: string },
  recipients: number,
  work: (store: Child<StoreCalls>) => Promise<T>,
): Promise<T> {
  const store = new Child<StoreCalls>(PROGRAM);
  try {
    await store.call('open', { ...place, recipients });
    const result = await work(store);
    await store.call('close', null);
    return result;
  } finally {
    await store.end();
  }
}

/** One load on SQLite: a new file, a warm-up of a quarter, then the clock. */
export async function runSqlite({ senders, recipients, sends }: Load): Promise<StoreRun> {
  const folder = makeFolder();
  try {
    return await withStore({ path: join(folder.path, 'store.db') }, recipients, async (store) => {
      await store.call('sends', { senders, recipients, sends: Math.ceil(sends / 4) });
      const run = await store.call('sends', { senders, recipients, sends });
      return { target: 'sqlite', senders, recipients, ...figuresOf(run) };
    });
  } finally {
    folder.remove();
  }
}

/** The same on PostgreSQL, each load in a database of its own. */
export async function runPostgres(loads: readonly Load[]): Promise<StoreRun[]> {
  const postgres = await startPostgres();
  const runs: StoreRun[] = [];
  try {
    for (const { senders, recipients, sends } of loads) {
      const url = await postgres.freshDatabase();
      await withStore({ url }, recipients, async (store) => {
        await store.call('sends', { senders, recipients, sends: Math.ceil(sends / 4) });
        const run = await store.call('sends', { senders, recipients, sends });
        runs.push({ target: 'postgres', senders, recipients, ...figuresOf(run) });
      });
    }
  } finally {
    await postgres.stop();
  }
  return runs;
}

/** What a send costs beside so many that are stored. */
export type Cost = { stored: number; microsPerSend: number; ratio: number; rounds: number[] };

/** Fills one queue per size and sends to each in turn, so that all sizes see the same minutes. */
export async function runCost(sizes: readonly number[], rounds: number, sends: number): Promise<Cost[]> {
  const stores: { stored: number; child: Child<StoreCalls>; micros: number[] }[] = [];
  const folder = makeFolder();
  try {
    for (const stored of sizes) {
      const child = new Child<StoreCalls>(PROGRAM);
      stores.push({ stored, child, micros: [] });
      await child.call('open', { path: join(folder.path, `${stored}.db`), recipients: 1 });
      await child.call('fill', { envelopes: stored, recipients: 1 });
    }
    for (let round = 0; round <= rounds; round++) {
      for (const { child, micros } of stores) {
        const { seconds } = await child.call('sends', { senders: 64, recipients: 1, sends });
        // The first only warms up.
        if (round > 0) micros.push((seconds * 1e6) / sends);
      }
    }
    for (const { child } of stores) await child.call('close', null);
  } finally {
    for (const { child } of stores) await child.end();
    folder.remove();
  }
  const smallest = median(stores[0]?.micros ?? []);
  return stores.map(({ stored, micros }) => ({
    stored,
    microsPerSend: round(median(micros)),
    ratio: round(median(micros) / smallest),
    rounds: micros.map(round),
  }));
}
