/** One identity server, or two on one PostgreSQL, for a suite that runs once on each. Production, unless told otherwise. */
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { ADMIN, DatabaseStage, onStages } from '../database-stage.js';
import type { Settings } from '../relay/stage.js';

export { ADMIN, SECRET } from '../database-stage.js';
export { SCALE } from '../relay/stage.js';

export type StageName = 'sqlite' | 'postgres' | 'two servers';

export interface StageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  /** Default: one server on SQLite, and two on one PostgreSQL. */
  stages?: readonly StageName[];
}

/** Nobody but this machine can dial it, so that it needs no TLS. */
const PRODUCTION: Settings = { NODE_ENV: 'production' };

export class Stage extends DatabaseStage {
  constructor(
    readonly name: StageName,
    options: StageOptions,
  ) {
    super(name === 'sqlite' ? 'sqlite' : 'postgres', {
      services: ['identity'],
      env: { ...PRODUCTION, ...options.env },
    });
  }

  override open(): Promise<void> {
    return super.open(this.name === 'two servers' ? 2 : 1);
  }

  /** A client of the first server. */
  get wire(): IdentityWire {
    return new IdentityWire(this.url, ADMIN);
  }

  /** A client of each server. */
  get wires(): IdentityWire[] {
    return this.urls.map((url) => new IdentityWire(url, ADMIN));
  }

  /** A client of the `n`th server, beginning again at the end. */
  nth(n: number): IdentityWire {
    const wires = this.wires;
    return wires[n % wires.length] ?? this.wire;
  }
}

/** Defines the suite once per stage. Cases run one after the other. */
export async function onEveryStage(
  title: string,
  define: (stage: Stage) => void,
  options: StageOptions = {},
): Promise<void> {
  const names = options.stages ?? ['sqlite', 'two servers'];
  await onStages(
    title,
    new Map(names.map((name) => [name, () => new Stage(name, options)] as const)),
    define,
  );
}
