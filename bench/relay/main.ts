/**
 * bench/relay: what the relay carries, how fast, and what it costs. Not a test: nothing fails here.
 *
 * Method 1. One machine, loopback. The server, the generator (load.ts) and this program are three processes;
 * this one only reads /proc while the others work. A pair is two clients, one writing to the other: 1 KiB
 * bodies in frames padded to 1,536 bytes, acknowledged in batches. Every body carries its pair's sequence
 * number and the time it was written, on the generator's monotonic clock, which both ends of a pair share.
 * - paced: 100 pairs send 20 messages a second each, evenly spread, for 20 s after 3 s of warm-up. One-way
 *   time, raw and less the jitter's own quantiles: 20 a second leaves 50 ms between two frames, so that each
 *   draws its own uniform 10 to 50 ms.
 * - burst: 100 pairs send 2,000 messages each after a quarter as warm-up, 32 under way per pair. Delivered
 *   per second from the first send to the last arrival.
 * - idle: 2,000, then 10,000 logged-in sockets that say nothing; resident memory above the baseline after 60 s
 *   of silence, before and after forced garbage collections.
 * Counted in all: losses (accepted, never delivered), inversions, duplicates, refusals, dropped sockets. CPU
 * from /proc, with what other processes used, which tells whether the machine was quiet.
 * Control: before each scenario the same generator drives control.ts, plain Node and ws without store,
 * checks and jitter. What it cannot do here and now, no server can be blamed for.
 */
import { writeFileSync } from 'node:fs';
import { type IdleRun, runIdle } from './idle.js';
import { type LoadedRun, runLoaded } from './loaded.js';
import { type Options, readOptions, type Scenario, USAGE } from './options.js';
import { machine } from './procfs.js';
import { runProfiled } from './profiled.js';
import { commit, type Results } from './results.js';
import { describe, type Run, summarise } from './summary.js';
import { external, startControl, startRelay, type Target } from './target.js';

const METHOD = 1;

const options = readOptions(process.argv.slice(2));
if (typeof options === 'string') {
  process.stderr.write(`${options}\n\n${USAGE}`);
  process.exitCode = 2;
} else if (options.profile) {
  for (const scenario of options.scenarios)
    if (scenario !== 'idle') say(await runProfiled(scenario, options));
} else {
  await compare(options);
}

async function compare(options: Options): Promise<void> {
  const facts = {
    method: METHOD,
    date: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    options,
  };
  say(`${facts.machine.cpu}, ${facts.machine.cores} cores, load ${facts.machine.loadBefore.join(' ')}`);
  const runs: Run[] = [];
  for (let round = 1; round <= options.rounds; round++) {
    for (const scenario of options.scenarios) {
      const targets = [...(options.control ? [startControl] : []), () => startMeasured(options, scenario)];
      for (const start of targets) {
        const run = {
          round,
          ...(await measure(await start({ garbage: scenario === 'idle' }), scenario, options)),
        };
        runs.push(run);
        for (const line of summarise([run])) say(describe(line));
      }
    }
  }
  const results: Results = { ...facts, summary: summarise(runs), runs };
  if (options.rounds > 1) say(['medians', ...results.summary.map(describe)].join('\n'));
  if (options.json !== null) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
}

function startMeasured({ url, redis }: Options, scenario: Scenario): Promise<Target> {
  return url === null ? startRelay(redis, { garbage: scenario === 'idle' }) : Promise.resolve(external(url));
}

async function measure(target: Target, scenario: Scenario, options: Options): Promise<LoadedRun | IdleRun> {
  try {
    return scenario === 'idle' ? await runIdle(target, options) : await runLoaded(scenario, target, options);
  } finally {
    await target.stop();
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
