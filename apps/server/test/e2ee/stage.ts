/** One e2ee server, or two on one PostgreSQL, for a suite that runs once on each. */
import type { TestIssuer } from '@blindpost/testbed/issuer';
import { makeAccount } from '@blindpost/testbed/wire-account';
import { type E2eeWho, E2eeWire, type E2eeWireOptions } from '@blindpost/testbed/wire-e2ee';
import { DatabaseStage, onStages } from '../database-stage.js';
import type { Settings } from '../relay/stage.js';

export { eventually, SCALE } from '../relay/stage.js';

export type StageName = 'sqlite' | 'postgres' | 'two servers';

export interface StageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  /** Default: one server on each database. */
  stages?: readonly StageName[];
  /** Servers that no other suite uses; so is every suite with settings. Default: those of the run. */
  own?: boolean;
}

/** One server on each database, and two on one. */
export const ALL_STAGES: readonly StageName[] = ['sqlite', 'postgres', 'two servers'];
/** Tokens of one server are good at the other, and after a restart on another port. */
const PUBLIC_URL = 'http://blindpost.test';
/** Accounts that are made at the same time. */
const BATCH = 20;

export class Stage extends DatabaseStage {
  #made = 0;

  constructor(
    readonly name: StageName,
    options: StageOptions,
  ) {
    const database = name === 'sqlite' ? 'sqlite' : 'postgres';
    const own = options.own ?? options.env !== undefined;
    super(database, {
      services: ['e2ee'],
      env: { PUBLIC_URL, ...options.env },
      standing: own ? undefined : `e2ee on ${database}`,
    });
  }

  override open(): Promise<void> {
    return super.open(this.name === 'two servers' ? 2 : 1);
  }

  /** Anyone at the first server, or at the one at `url`. */
  client(who: E2eeWho, options: E2eeWireOptions = {}, url = this.url): E2eeWire {
    return this.keep(new E2eeWire(url, who, options));
  }

  /** Nobody. */
  stranger(): E2eeWire {
    return this.client({ id: '00000000-0000-4000-8000-000000000000' });
  }

  /** A new account; of two servers, every other one is the next one's. */
  async account(options: E2eeWireOptions = {}): Promise<E2eeWire> {
    const url = pick(this.urls, this.#made++);
    return this.client(await makeAccount(url), options, url);
  }

  async accounts(count: number): Promise<E2eeWire[]> {
    const accounts: E2eeWire[] = [];
    while (accounts.length < count) {
      const batch = Math.min(BATCH, count - accounts.length);
      accounts.push(...(await Promise.all(Array.from({ length: batch }, () => this.account()))));
    }
    return accounts;
  }

  /** The account of the outside issuer with this id, at every server the same. */
  outsider(issuer: TestIssuer, id: string, claims: Record<string, unknown> = {}): E2eeWire {
    return this.client({ id, token: issuer.sign(id, claims) });
  }

  /** The same account and token at every server. */
  everywhere(wire: E2eeWire): E2eeWire[] {
    return this.urls.map((url) => this.client(wire.who, wire.options, url));
  }

  /** The same account and token at another server than its own, where there is one. */
  elsewhere(wire: E2eeWire): E2eeWire {
    return this.everywhere(wire).find(({ url }) => url !== wire.url) ?? wire;
  }

  /** The same account and token at the first server as it is now. */
  again(wire: E2eeWire): E2eeWire {
    return this.client(wire.who, wire.options);
  }
}

/** Defines the suite once per stage. Cases run one after the other. */
export async function onEveryStage(
  title: string,
  define: (stage: Stage) => void,
  options: StageOptions = {},
): Promise<void> {
  const names = options.stages ?? ['sqlite', 'postgres'];
  await onStages(
    title,
    new Map(names.map((name) => [name, () => new Stage(name, options)] as const)),
    define,
  );
}

/** The `n`th, beginning again at the end. */
export function pick<T>(choices: readonly T[], n: number): T {
  const choice = choices[n % choices.length];
  if (choice === undefined) throw new Error('nothing to pick from');
  return choice;
}
