import { after, afterEach, before, beforeEach } from 'node:test';
import type { Database } from '../../../../platform/sql/database.js';
import { audit } from './audit.js';
import type { Bench } from './bench.js';
import { Desk } from './desk.js';

const WAVE = 2_000;

const NOWHERE: Database = {
  write: () => Promise.reject(new Error('no database yet')),
  read: () => Promise.reject(new Error('no database yet')),
  healthy: () => false,
  close: () => Promise.resolve(),
};

/** A database for the tests of a suite, held against itself after each of them. */
export class Stage {
  /** Of the first server. */
  desk: Desk = new Desk(NOWHERE);
  /** Of every server. */
  desks: readonly Desk[] = [];

  static of(bench: Bench): Stage {
    const stage = new Stage();
    let databases: readonly Database[] = [];
    before(async () => {
      databases = await bench.open();
    });
    beforeEach(() => {
      stage.desks = databases.map((database) => new Desk(database));
      stage.desk = new Desk(databases[0]);
    });
    afterEach(() => audit(stage.desk.db));
    after(() => Promise.all(databases.map((database) => database.close())));
    return stage;
  }

  /** The same so many times, as many at once as a server lets wait, on every server in turn. */
  async everywhere<T>(times: number, ask: (desk: Desk, index: number) => Promise<T>): Promise<T[]> {
    const answers: T[] = [];
    while (answers.length < times) {
      const done = answers.length;
      const wave = Array.from({ length: Math.min(WAVE, times - done) }, (_, index) =>
        ask(this.desks[index % this.desks.length] ?? this.desk, done + index),
      );
      answers.push(...(await Promise.all(wave)));
    }
    return answers;
  }
}
