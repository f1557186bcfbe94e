import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { ManualClock } from '../../../platform/clock.manual.js';
import { systemRandom } from '../../../platform/random.js';
import type { Query } from '../../../platform/sql/command.js';
import type { Database } from '../../../platform/sql/database.js';
import { connect } from '../store/contract/connect.js';
import { register } from '../store/register.js';
import { FrailBus } from './bus.fixture.js';
import { Endings } from './endings.js';
import { OwnTokens } from './own.js';
import { Standings } from './standings.js';
import { Verifier } from './verifier.js';

const SEED = Buffer.alloc(32, 7);

/** The verification of one instance over a real database, at a time that only the test moves. */
export class House {
  readonly clock = new ManualClock();
  readonly bus = new FrailBus();
  readonly own = new OwnTokens({
    seed: SEED,
    publicUrl: 'https://post.example',
    clock: this.clock,
    random: systemRandom,
  });
  /** Questions the database was asked. */
  reads = 0;
  /** When set, questions wait for it before they are answered. */
  hold: Promise<void> = Promise.resolve();

  private constructor(
    readonly db: Database,
    readonly endings: (clock: ManualClock, bus: FrailBus) => Promise<Endings>,
    readonly end: () => Promise<void>,
  ) {}

  static async open(): Promise<House> {
    const directory = await temporaryDirectory('accounts-tokens');
    const db = await connect({ DB_PATH: join(directory, 'accounts.db') });
    const open = (clock: ManualClock, bus: FrailBus) => Endings.open(bus, clock, systemRandom);
    return new House(db, open, async () => {
      await db.close();
      removeDirectory(directory);
    });
  }

  /** A further instance: its own memory, the same database, bus and clock. */
  async instance(): Promise<{ verifier: Verifier; standings: Standings; endings: Endings }> {
    const endings = await this.endings(this.clock, this.bus);
    const standings = new Standings(this.#watched(), this.clock, endings);
    return { endings, standings, verifier: new Verifier(this.own, standings, this.clock) };
  }

  async account(): Promise<Uint8Array> {
    const [id, publicKey] = [16, 32].map((bytes) => Uint8Array.from(randomBytes(bytes)));
    if (id === undefined || publicKey === undefined) throw new Error('two were asked for');
    return (await this.db.write(register, { id, publicKey, now: this.clock.now() })).account;
  }

  /** A token of the account, or of a new one. */
  async token(account?: Uint8Array, generation = 0): Promise<string> {
    return (await this.own.issue(account ?? (await this.account()), generation)).token;
  }

  #watched(): Database {
    const { db } = this;
    return {
      write: (command, input) => db.write(command, input),
      read: async <S, I, O>(query: Query<S, I, O>, input: I): Promise<O> => {
        this.reads += 1;
        const answer = await db.read(query, input);
        await this.hold;
        return answer;
      },
      healthy: () => db.healthy(),
      close: () => db.close(),
    };
  }
}
