import type { IdleRun } from './idle.js';
import { median, round } from './latency.js';
import type { LoadedRun } from './loaded.js';

export type Run = { round: number } & (LoadedRun | IdleRun);

/** The figures of one scenario and target, medians over the rounds; counts of faults are summed. */
export type Summary = { scenario: string; target: string } & Record<string, number | string | null>;

export function summarise(runs: readonly Run[]): Summary[] {
  const groups = groupBy(runs, ({ scenario, target }) => `${scenario} ${target}`);
  return [...groups.values()].flatMap((group) => {
    const loaded = group.filter((run) => run.scenario !== 'idle');
    const idle = group.filter((run) => run.scenario === 'idle');
    return [...(loaded.length > 0 ? [summariseLoaded(loaded)] : []), ...summariseIdle(idle)];
  });
}

function summariseLoaded(runs: readonly LoadedRun[]): Summary {
  const middle = (of: (run: LoadedRun) => number | null | undefined) => {
    const values = runs.map(of).filter((value) => typeof value === 'number');
    return values.length === 0 ? null : round(median(values));
  };
  const sum = (of: (run: LoadedRun) => number) => runs.reduce((total, run) => total + of(run), 0);
  return {
    scenario: runs[0]?.scenario ?? '',
    target: runs[0]?.target ?? '',
    deliveredPerSecond: middle((run) => run.figures.deliveredPerSecond),
    p50Ms: middle((run) => run.figures.oneWayMs.p50),
    p99Ms: middle((run) => run.figures.oneWayMs.p99),
    p50BeyondJitterMs: middle((run) => run.beyondJitterMs?.p50),
    p99BeyondJitterMs: middle((run) => run.beyondJitterMs?.p99),
    cpuMicrosPerMessage: middle((run) => run.cpuMicrosPerMessage),
    serverCores: middle((run) => run.cores.server),
    redisCores: middle((run) => run.cores.redis),
    generatorCores: middle((run) => run.cores.generator),
    othersCores: middle((run) => run.cores.others),
    lost: sum((run) => run.figures.lost),
    inversions: sum((run) => run.figures.inversions),
    duplicates: sum((run) => run.figures.duplicates),
    unanswered: sum((run) => run.figures.unanswered),
    refused: refusals(runs),
    droppedSockets: sum((run) => run.figures.droppedSockets),
  };
}

/** What was refused, by code; null when nothing was. */
function refusals(runs: readonly LoadedRun[]): string | null {
  const counts = new Map<string, number>();
  for (const [code, count] of runs.flatMap((run) => Object.entries(run.figures.refused)))
    counts.set(code, (counts.get(code) ?? 0) + count);
  return counts.size === 0 ? null : [...counts].map(([code, count]) => `${code} ${count}`).join(' + ');
}

function summariseIdle(runs: readonly IdleRun[]): Summary[] {
  const steps = groupBy(
    runs.flatMap(({ steps: each }) => each),
    ({ sockets }) => sockets,
  );
  return [...steps].map(([sockets, of]) => {
    const middle = (values: (number | null)[]) => {
      const known = values.filter((value) => value !== null);
      return known.length === 0 ? null : Math.round(median(known));
    };
    return {
      scenario: 'idle',
      target: runs[0]?.target ?? '',
      sockets,
      bytesPerSocket: middle(of.map(({ bytesPerSocket }) => bytesPerSocket)),
      collectedBytesPerSocket: middle(of.map(({ collectedBytesPerSocket }) => collectedBytesPerSocket)),
      loginsPerSecond: middle(of.map(({ loginsPerSecond }) => loginsPerSecond)),
      closedByServer: of.reduce((total, step) => total + step.closedByServer, 0),
    };
  });
}

/** One line: what is zero or unknown is left out, except for losses and inversions. */
export function describe(summary: Summary): string {
  const { scenario, target, ...figures } = summary;
  const shown = Object.entries(figures).filter(
    ([name, value]) => value !== null && (value !== 0 || name === 'lost' || name === 'inversions'),
  );
  const text = shown.map(([name, value]) => `${name} ${String(value)}`).join(', ');
  return `${scenario.padEnd(5)} ${target.padEnd(8)} ${text}`;
}

function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
}
