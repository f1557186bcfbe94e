import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Latency, summarise } from '../relay/latency.js';
import { Connection } from './http.js';

const GARBAGE = new URL('./garbage.js', import.meta.url);
const HONEST = new URL('./honest.js', import.meta.url);
const HEALTH_EVERY_MS = 20;

export type Phase = {
  flood: number;
  /** Time of `GET /health`, ms. */
  health: Latency;
  /** Answers to the flood by outcome; per second in all. */
  answers: Record<string, number>;
  answersPerSecond: number;
  /** Time from an honest winner's submit to its answer, ms; what came instead of a win. */
  wins: Latency & { count: number };
  lost: Record<string, number>;
};

/** Asks for `/health` at a steady rate for so long, beside a flood of so many connections and one honest miner. */
export async function runPhase(url: string, flood: number, seconds: number, honest: boolean): Promise<Phase> {
  const floods = flood === 0 ? null : await start(GARBAGE, [url, DEAR_TRACK, String(flood)]);
  const miner = honest ? await start(HONEST, [url, CHEAP_TRACK]) : null;
  const health = await askHealth(url, performance.now() + seconds * 1000);
  const answers = floods === null ? {} : await stop<Record<string, number>>(floods);
  const { wins, lost } = miner === null ? { wins: [], lost: {} } : await stop<Mined>(miner);
  const total = Object.values(answers).reduce((sum, count) => sum + count, 0);
  return {
    flood,
    health: summarise(Float64Array.from(health)),
    answers,
    answersPerSecond: Math.round(total / seconds),
    wins: { count: wins.length, ...summarise(Float64Array.from(wins)) },
    lost,
  };
}

/** Milliseconds from submit to answer of each win; what came instead of a win. */
export type Mined = { wins: number[]; lost: Record<string, number> };

export const DEAR_TRACK = 'ARGON2D_CHAIN';
export const CHEAP_TRACK = 'CPU_HASH';

/** Resolves when the program says that it is at work. */
async function start(program: URL, args: string[]): Promise<ChildProcess> {
  const child = fork(fileURLToPath(program), args, { stdio: 'inherit' });
  await new Promise((resolve) => child.once('message', resolve));
  return child;
}

/** What the program tells when it is told to stop. */
async function stop<T>(child: ChildProcess): Promise<T> {
  const told = new Promise<T>((resolve) => child.once('message', (said) => resolve(said as T)));
  child.send('stop');
  return told;
}

async function askHealth(url: string, end: number): Promise<number[]> {
  const connection = new Connection(url, '127.0.0.1');
  const times: number[] = [];
  for (let due = performance.now(); due < end; due += HEALTH_EVERY_MS) {
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    times.push((await connection.send('/health')).ms);
  }
  connection.close();
  return times;
}
