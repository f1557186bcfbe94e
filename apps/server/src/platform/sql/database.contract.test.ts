import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { StartRefused } from '../start-refused.js';
import { Unavailable } from '../unavailable.js';
import * as notes from './contract/notes.fixture.js';
import { note, openAt } from './contract/places.fixture.js';
import type { Database } from './database.js';
import { UniqueViolation } from './unique-violation.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const WRITER = fileURLToPath(new URL('./contract/writer.fixture.js', import.meta.url));

const missing = await postgresMissing();
let postgres: PostgresServer;
let directory: string;
let files = 0;

const adapters = [
  { name: 'sqlite', skip: false, shared: false, place: async () => join(directory, `${++files}.db`) },
  { name: 'postgres', skip: missing, shared: true, place: () => postgres.freshDatabase() },
];

before(async () => {
  directory = await temporaryDirectory('sql');
  if (!missing) postgres = await startPostgres();
});
after(async () => {
  removeDirectory(directory);
  if (!missing) await postgres.stop();
});

for (const { name, skip, shared, place } of adapters) {
  describe(`database on ${name}`, { skip }, () => {
    /** A database for one test, and a way to see the same data through another one. */
    async function within<T>(
      use: (database: Database, at: string) => Promise<T>,
      bound?: number,
    ): Promise<T> {
      const at = await place();
      const database = await openAt(at, bound === undefined ? {} : { bound });
      try {
        return await use(database, at);
      } finally {
        await database.close();
      }
    }

    test('what is written is there for the next read, and after the next start', async () => {
      const written = note('kept', 7);
      const at = await within(async (database, at) => {
        assert.deepEqual(await database.write(notes.append, written), { sequence: 1, batch: 1 });
        assert.deepEqual(await database.read(notes.find, written.id), { ...written, sequence: 1 });
        return at;
      });
      const again = await openAt(at);
      assert.deepEqual(await again.read(notes.find, written.id), { ...written, sequence: 1 });
      await again.close();
    });

    test('1,000 writes at once share transactions and keep their order', async () => {
      await within(async (database) => {
        const outputs = await Promise.all(
          Array.from({ length: 1_000 }, () => database.write(notes.append, note())),
        );
        assert.deepEqual(
          outputs.map(({ sequence }) => sequence),
          outputs.map((_, index) => index + 1),
        );
        assert.ok(outputs.every(({ batch }) => batch > 1));
      });
    });

    test('a batch that throws is repeated one by one: only the bad input fails', async () => {
      await within(async (database) => {
        const inputs = Array.from({ length: 40 }, (_, index) => note(index === 20 ? 'bad' : 'good'));
        const settled = await Promise.allSettled(inputs.map((input) => database.write(notes.append, input)));
        const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
        assert.equal(failed.length, 1);
        assert.match(String(failed[0]), /a bad note/);
        assert.equal(settled[20]?.status, 'rejected');
        const rows = await database.read(notes.listing, null);
        const good = inputs.filter(({ text }) => text === 'good');
        assert.deepEqual(
          rows,
          good.map(({ id }, index) => ({ id, sequence: index + 1 })),
        );
      });
    });

    test('a unique violation is the error of its input alone', async () => {
      await within(async (database) => {
        const twice = note('first');
        const inputs = [note(), twice, { ...twice, text: 'second' }, note()];
        const settled = await Promise.allSettled(inputs.map((input) => database.write(notes.append, input)));
        assert.deepEqual(
          settled.map(({ status }) => status),
          ['fulfilled', 'fulfilled', 'rejected', 'fulfilled'],
        );
        assert.ok(settled[2]?.status === 'rejected' && settled[2].reason instanceof UniqueViolation);
        assert.match(settled[2].reason.rule, /notes/);
        assert.equal((await database.read(notes.find, twice.id))?.text, 'first');
        // Alone in its batch it is the same.
        await assert.rejects(database.write(notes.append, twice), UniqueViolation);
      });
    });

    test('different commands that wait together each get their own answers', async () => {
      await within(async (database) => {
        const written = Array.from({ length: 20 }, () => note());
        for (const one of written) await database.write(notes.append, one);
        const mixed = written.flatMap((one) => [
          database.write(notes.erase, one.id),
          database.write(notes.append, note()).then(({ sequence }) => sequence),
        ]);
        const outputs = await Promise.all(mixed);
        assert.deepEqual(
          outputs,
          written.flatMap((_, index) => [1, 21 + index]),
        );
        assert.equal((await database.read(notes.count, 0)).before, 20);
      });
    });

    test('inputs and outputs cross unchanged', async () => {
      await within(async (database) => {
        const value = {
          text: 'žluťoučký 𝄞 \u0000 "\'',
          numbers: [0, -1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1), 0.5],
          nothing: null,
          nested: [{ bytes: Uint8Array.of(0, 255, 10) }, []],
        };
        assert.deepEqual(await database.write(notes.echo, value), value);
        assert.deepEqual(await database.write(notes.echo, null), null);
      });
    });

    test('whole numbers up to 2^53-1, bytes and text come back from columns as they were', async () => {
      await within(async (database) => {
        for (const amount of [0, -1, 2 ** 31, 2 ** 32 + 1, 2 ** 53 - 1, -(2 ** 53 - 1)]) {
          const written = note(`é 𝄞 ${amount}`, amount);
          await database.write(notes.append, written);
          const found = await database.read(notes.find, written.id);
          assert.deepEqual(found, { ...written, sequence: found?.sequence });
        }
        assert.equal(await database.read(notes.divide, { amount: 2 ** 40 + 1, by: 2 }), 2 ** 39);
        assert.deepEqual(await database.read(notes.count, 0), {
          before: 6,
          after: 6,
          sum: 3 * 2 ** 31,
        });
      });
    });

    test('a read sees one moment, whatever is written meanwhile', async () => {
      await within(async (database) => {
        const reading = database.read(notes.count, 200);
        for (let written = 0; written < 20; written++) await database.write(notes.append, note());
        const { before, after } = await reading;
        assert.equal(after, before);
        assert.equal((await database.read(notes.count, 0)).before, 20);
      });
    });

    test('a query that fails fails alone', async () => {
      await within(async (database) => {
        const settled = await Promise.allSettled([
          database.read(notes.count, 0),
          database.read(notes.divide, { amount: 1, by: Number.NaN }),
          database.read(notes.counter, 99),
          database.read(notes.counter, 1),
        ]);
        assert.equal(settled[0].status, 'fulfilled');
        assert.equal(settled[2].status, 'rejected');
        assert.deepEqual(settled[3], { status: 'fulfilled', value: 0 });
        assert.equal(database.healthy(), true);
      });
    });

    test('a command that answers too few outputs fails', async () => {
      await within(async (database) => {
        await assert.rejects(database.write(notes.forgetful, 1), /answered 0 outputs for 1 inputs/);
      });
    });

    test('past its bound the queue refuses with Unavailable, and does what it took', async () => {
      await within(async (database) => {
        const settled = await Promise.allSettled(
          Array.from({ length: 30 }, () => database.write(notes.append, note())),
        );
        assert.deepEqual(
          settled.map(({ status }) => status),
          settled.map((_, index) => (index < 10 ? 'fulfilled' : 'rejected')),
        );
        assert.ok(settled.every((one) => one.status === 'fulfilled' || one.reason instanceof Unavailable));
        assert.equal((await database.read(notes.count, 0)).before, 10);
      }, 10);
    });

    test('close lets what waits finish, and refuses what comes after', async () => {
      await within(async (database, at) => {
        const writes = Array.from({ length: 600 }, () => database.write(notes.append, note()));
        const closed = database.close();
        await assert.rejects(database.write(notes.append, note()), Unavailable);
        await assert.rejects(database.read(notes.count, 0), Unavailable);
        assert.equal(database.healthy(), false);
        await Promise.all(writes);
        await closed;
        const again = await openAt(at);
        assert.equal((await again.read(notes.count, 0)).before, 600);
        await again.close();
      });
    });

    test('a step that fails leaves nothing of the upgrade, and the server before it still starts', async () => {
      const at = await within(async (_, at) => at);
      const broken = [
        ...notes.NOTES_MIGRATIONS,
        { name: 'notes-3', up: (db) => db.schema.createTable('left').addColumn('id', 'integer').execute() },
        { name: 'notes-4', up: (db) => db.schema.dropTable('no_such_table').execute() },
      ] satisfies typeof notes.NOTES_MIGRATIONS;
      await assert.rejects(openAt(at, { migrations: broken }), (error) => {
        assert.ok(error instanceof StartRefused);
        assert.match(error.message, /notes-4/);
        return true;
      });
      const again = await openAt(at);
      assert.equal(await again.read(notes.steps, null), notes.NOTES_MIGRATIONS.length);
      await again.close();
      // Would fail if the table were there.
      const mended = await openAt(at, { migrations: broken.slice(0, 3) });
      await mended.close();
    });

    test('a database that knows a newer step refuses the older server', async () => {
      const at = await within(async (_, at) => at);
      await assert.rejects(openAt(at, { migrations: notes.NOTES_MIGRATIONS.slice(0, 1) }), (error) => {
        assert.ok(error instanceof StartRefused);
        assert.match(error.message, /notes-2/);
        return true;
      });
    });

    test('two processes that start at the same moment take each step once', async () => {
      const at = await place();
      const processes = [new Writer(at, 0), new Writer(at, 0)];
      const said = await Promise.all(processes.map((one) => one.says()));
      assert.deepEqual(said.sort(), shared ? ['open', 'open'] : ['open', 'refused']);
      for (const one of processes) await one.kill();
      const database = await openAt(at);
      assert.equal(await database.read(notes.steps, null), notes.NOTES_MIGRATIONS.length);
      assert.equal(await database.read(notes.counter, 1), 0);
      await database.close();
    });

    test('in 60 rounds of kill -9 no answered write is lost and no sequence comes twice', async () => {
      const at = await place();
      const answered = new Map<string, number>();
      for (let round = 0; round < Math.max(3, 60 * SCALE); round++) {
        const writer = new Writer(at, 16);
        assert.equal(await writer.says(), 'open');
        for (let heard = 0; heard < 100 + 37 * (round % 7); heard++) await writer.says();
        await writer.kill();
        for (const line of writer.rest()) {
          const [, sequence = '', id = ''] = /^(\d+) ([0-9a-f]{32})$/.exec(line) ?? [];
          if (id !== '') answered.set(id, Number(sequence));
        }
      }
      const database = await openAt(at);
      const rows = await database.read(notes.listing, null);
      await database.close();
      const found = new Map(rows.map(({ id, sequence }) => [Buffer.from(id).toString('hex'), sequence]));
      for (const [id, sequence] of answered) assert.equal(found.get(id), sequence);
      assert.deepEqual(
        rows.map(({ sequence }) => sequence),
        rows.map((_, index) => index + 1),
      );
      assert.ok(answered.size >= 300);
    });
  });
}

/** The writing process, whose lines are kept. */
class Writer {
  readonly #child;
  readonly #closed: Promise<unknown>;
  readonly #lines: AsyncIterator<string>;
  readonly #all: string[] = [];

  constructor(place: string, writers: number) {
    this.#child = spawn(process.execPath, [WRITER, place, String(writers)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#closed = once(this.#child, 'close');
    const lines = createInterface(this.#child.stdout);
    lines.on('line', (line) => this.#all.push(line));
    this.#lines = lines[Symbol.asyncIterator]();
  }

  /** The next line it says. */
  async says(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error('the writer ended');
    return next.value;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#closed;
  }

  /** Everything it said. */
  rest(): readonly string[] {
    return this.#all;
  }
}
