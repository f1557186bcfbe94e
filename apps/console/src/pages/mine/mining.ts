/** The one miner of this window. It lives beside the page, so that mining goes on while another page is looked at. */
import { Miner, type MinerState, PoolError } from '@blindpost/client/pool';
import { createSignal } from 'solid-js';
import { markBusy } from '../../shell/busy.js';
import { NO_COURSE, sampled } from './course.js';
import { keepNumber, keptNumber } from './kept.js';

const SAMPLE_MS = 1_000;

/** Threads this machine can work with, and what a new miner takes: one stays for the page. */
export const CORES = Math.max(1, navigator.hardwareConcurrency);
const THREADS = { min: 1, max: CORES, fallback: Math.max(1, CORES - 1) };
/** Percent of a core for each thread. */
export const THROTTLE = { min: 5, max: 100, fallback: 100 };

const [state, setState] = createSignal<MinerState>();
const [course, setCourse] = createSignal(NO_COURSE);
const [trouble, setTrouble] = createSignal<Error>();
const [ended, setEnded] = createSignal<Error>();
const [threads, setThreadsSignal] = createSignal(THREADS.fallback);
const [throttle, setThrottleSignal] = createSignal(THROTTLE.fallback);

/**
 * `state` of the present miner, else of the last one; `trouble` is what it goes on after, `ended` why the last one
 * did not go on.
 */
export { course, ended, state, threads, throttle, trouble };

let miner: Miner | undefined;
let sampling: ReturnType<typeof setInterval> | undefined;
let winsSampled = 0;

export function mining(): boolean {
  const status = state()?.status;
  return status !== undefined && status !== 'stopped';
}

/** Takes up how hard this browser was told to work the last time. */
export async function recall(): Promise<void> {
  setThreadsSignal(await keptNumber('threads', THREADS));
  setThrottleSignal(await keptNumber('throttle', THROTTLE));
}

export function setThreads(count: number): void {
  setThreadsSignal(count);
  void keepNumber('threads', count);
}

export function setThrottle(percent: number): void {
  setThrottleSignal(percent);
  miner?.throttle(percent);
  void keepNumber('throttle', percent);
}

export function start(token: string): void {
  if (miner !== undefined) return;
  setEnded(undefined);
  setTrouble(undefined);
  winsSampled = 0;
  const own = new Miner({
    url: location.origin,
    token,
    workers: threads(),
    throttle: throttle(),
    onState: (next) => {
      // A search that goes on at an open socket has left its trouble behind.
      if (next.status === 'mining' && next.socket === 'open') setTrouble(undefined);
      setState(next);
    },
    onError: setTrouble,
  });
  miner = own;
  markBusy('mine', true);
  setState(own.state);
  sampling = setInterval(() => sample(own.state), SAMPLE_MS);
  own
    .run()
    .catch((error: unknown) => setEnded(error instanceof Error ? error : new Error(String(error))))
    .finally(over);
}

export function stop(): void {
  miner?.stop();
}

/** Whether the pool, or the way to it, is why nothing happens. */
export function isUnreachable(error: Error | undefined): boolean {
  return error instanceof PoolError && error.code === 'unreachable';
}

function sample({ rate, wins }: MinerState): void {
  setCourse((past) => sampled(past, Date.now() / 1000, rate, wins > winsSampled));
  winsSampled = wins;
}

function over(): void {
  clearInterval(sampling);
  miner = undefined;
  markBusy('mine', false);
  setTrouble(undefined);
  setCourse((past) => sampled(past, Date.now() / 1000, null, false));
}
