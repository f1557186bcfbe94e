import { type Build, openTrack, TRACK_TABLE, TRACKS, type TrackName } from '@blindpost/pow/tracks';
import { Command } from 'commander';
import { failing } from '../failure.js';
import { positive, short } from '../numbers.js';
import { SAMPLES } from './samples.js';

const WARM_UP_SECONDS = 0.2;

/** `blindpost pow bench` */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure attempts per second of processor time, on one thread.')
    .option('--seconds <count>', 'processor time for each figure', positive(3600), 1)
    .action(({ seconds }: { seconds: number }) => failing(() => bench(seconds)));
}

async function bench(seconds: number): Promise<void> {
  row('', ['reference', 'scalar', 'simd']);
  for (const track of TRACKS) {
    const ways = [reference(track), await engine(track, 'scalar'), await engine(track, 'simd')];
    const figures = ways.map((attempt) => {
      // What is compiled while it runs is compiled before it counts.
      rate(attempt, Math.min(seconds, WARM_UP_SECONDS));
      return `${short(rate(attempt, seconds))}/s`;
    });
    row(track, figures, SAMPLES[track].title);
  }
}

/** Attempts per second of processor time: others on this machine count as little as they can. */
function rate(attempt: () => number, seconds: number): number {
  const began = process.cpuUsage();
  let attempts = 0;
  let spent = 0;
  while (spent < seconds * 1e6) {
    attempts += attempt();
    const { user, system } = process.cpuUsage(began);
    spent = user + system;
  }
  return (attempts * 1e6) / spent;
}

function reference(track: TrackName): () => number {
  const definition = TRACK_TABLE[track];
  const read = definition.read(SAMPLES[track].params);
  if (!read.ok) throw new Error(`${track} refuses ${read.field}`);
  let count = 0;
  return () => {
    count += 1;
    definition.reference(read.params, count.toString(16).padStart(32, '0'));
    return 1;
  };
}

async function engine(track: TrackName, build: Build): Promise<() => number> {
  const engine = await openTrack(track, SAMPLES[track].params, build);
  return () => {
    const before = engine.attempts;
    engine.step();
    return engine.attempts - before;
  };
}

function row(name: string, figures: readonly string[], title = ''): void {
  const line = `${name.padEnd(14)}${figures.map((figure) => figure.padStart(12)).join('')}  ${title}`;
  process.stdout.write(`${line.trimEnd()}\n`);
}
