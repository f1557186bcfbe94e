/**
 * bench/pow: attempts and verifications of the seven tracks per second of CPU time. Not a test: nothing fails here.
 *
 * Method 1. One process, one thread. Every round has a challenge, a seed and a program of its own, the same in every
 * run of this program, and goes through all tracks and paths one after the other; each is warmed up and measured for
 * a quarter of a CPU second (process.cpuUsage, compiler and collector threads included). Figures are medians over the
 * rounds.
 * - reference, scalar, simd: attempts at nonces, by the definition in plain TypeScript and by the kernels' search.
 * - verifyNext: one nonce more of a round already known. verifyFirst: a nonce alone, with all that a round needs
 *   (a memory filled, a program compiled) made for it and dropped again.
 * - times: simd as a multiple of the original's WebAssembly, whose figures come from another machine.
 * Control: node:crypto and hash-wasm make the same attempts where a track is nothing but SHA-256.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TRACKS, type TrackName } from '@blindpost/pow/tracks';
import { median } from '../relay/latency.js';
import { machine } from '../relay/procfs.js';
import { commit } from '../relay/results.js';
import { ORIGINAL, parametersOf } from './parameters.js';
import { CONTROLS, type Path, SEARCHES, VERIFICATIONS } from './paths.js';
import { rateOf } from './rate.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '9' },
    seconds: { type: 'string', default: '0.25' },
  },
});
const facts = { method: 1, date: new Date().toISOString(), commit: commit(), machine: machine(), options };

type Run = { round: number; track: TrackName; path: string; perCpuSecond: number };
const runs: Run[] = [];
for (let round = 1; round <= Number(options.rounds); round++) {
  for (const track of TRACKS) {
    const paths = Object.entries({ ...SEARCHES, ...VERIFICATIONS, ...CONTROLS });
    for (const [path, begin] of paths) await measure(round, track, path, begin);
  }
  process.stderr.write(`round ${round} of ${options.rounds}\n`);
}

const summary = TRACKS.map((track) => {
  const rates = new Map<string, number[]>();
  for (const run of runs.filter((each) => each.track === track))
    rates.set(run.path, [...(rates.get(run.path) ?? []), run.perCpuSecond]);
  const medians = Object.fromEntries([...rates].map(([path, each]) => [path, rounded(median(each))]));
  const times = rounded((medians.simd ?? 0) / ORIGINAL[track]);
  return { track, ...medians, original: ORIGINAL[track], times };
});
console.table(Object.fromEntries(summary.map(({ track, ...figures }) => [track, figures])));
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ ...facts, summary, runs }, null, 1)}\n`);

async function measure(round: number, track: TrackName, path: string, begin: Path): Promise<void> {
  const work = await begin(track, parametersOf(track, round));
  if (work === null) return;
  runs.push({ round, track, path, perCpuSecond: rounded(await rateOf(work, Number(options.seconds))) });
}

/** To three digits that count. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
