import { nextTask } from '../event-loop/next-task.js';
import { hashcashKernel } from './kernel.js';
import { type Puzzle, zeroBits } from './puzzle.js';
import { verify } from './verify.js';
import { STARTS, startFrom, Walk } from './walk.js';

/** How long the event loop may wait for us, in milliseconds: one frame of a display. */
const SLICE_MS = 16;
const utf8 = new TextEncoder();

export type SolveOptions = {
  /** Ends the search; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called now and then with the attempts so far, never after the search has ended. */
  onProgress?: ((attempts: number) => void) | undefined;
  /** The number of the first nonce, 0 to 10^16 - 1. By default random, so that two clients walk apart. */
  start?: bigint | number | undefined;
};

/** A nonce of 16 to 31 digits that `verify` accepts, and how many were tried to find it. */
export type Solution = { nonce: string; attempts: number };

/**
 * Finds a nonce, 2^bits attempts on average; the event loop stays live meanwhile. There is no limit but the
 * signal: who takes a difficulty from a stranger should look at it first. Rejects with a RangeError when the
 * difficulty is not 0 to 256 whole bits or `start` is out of range, and when the kernel cannot be read.
 */
export async function solve(puzzle: Puzzle, options: SolveOptions = {}): Promise<Solution> {
  const { signal, onProgress } = options;
  const bits = zeroBits(puzzle);
  if (!Number.isInteger(bits) || bits < 0 || bits > 256) throw new RangeError(`difficulty of ${bits} bits`);
  const start = options.start === undefined ? randomStart() : BigInt(options.start);
  if (start < 0n || start >= STARTS) throw new RangeError(`start ${start}`);

  signal?.throwIfAborted();
  const walk = new Walk(await hashcashKernel(), utf8.encode(puzzle.seed + puzzle.context), bits, start);
  for (;;) {
    signal?.throwIfAborted();
    const pause = performance.now() + SLICE_MS;
    do {
      const nonce = walk.step();
      if (nonce !== undefined && verify(puzzle, nonce)) return { nonce, attempts: walk.attempts };
    } while (performance.now() < pause);
    onProgress?.(walk.attempts);
    await nextTask();
  }
}

function randomStart(): bigint {
  return startFrom(crypto.getRandomValues(new Uint8Array(8)));
}
