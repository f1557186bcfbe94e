import type { MinerState } from '@blindpost/client/pool';
import { short } from '../numbers.js';

/** Where nobody looks at a terminal, one line in so many milliseconds … */
const PLAIN_MS = 5_000;
/** … and one for a win, if the wins do not come thick and fast. */
const WIN_MS = 1_000;
/** Of a terminal that does not tell. */
const WIDTH = 80;
/** A complaint that stays the same is repeated after so many milliseconds. */
const COMPLAINT_MS = 30_000;
const CLEAR_LINE = '\r\u001b[K';

/** Tells how the mining goes: one line that rewrites itself on a terminal, plain lines elsewhere. */
export class LiveLine {
  readonly #out: NodeJS.WriteStream;
  #plainAt = Number.NEGATIVE_INFINITY;
  #complaint = { text: '', at: Number.NEGATIVE_INFINITY };
  #wins = 0;
  #live = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  show(state: MinerState): void {
    if (state.track === undefined) return;
    if (this.#out.isTTY) {
      // A longer line would wrap, and the next one could not take its place.
      this.#out.write(CLEAR_LINE + describe(state).slice(0, (this.#out.columns || WIDTH) - 1));
      this.#live = true;
      return;
    }
    const now = performance.now();
    if (now - this.#plainAt < (state.wins === this.#wins ? PLAIN_MS : WIN_MS)) return;
    this.#plainAt = now;
    this.#wins = state.wins;
    this.#out.write(`${describe(state)}\n`);
  }

  /** A line of its own, above the live one. */
  say(text: string): void {
    this.#out.write(`${this.#live ? CLEAR_LINE : ''}${text}\n`);
    this.#live = false;
  }

  /** What goes wrong: a server that is away is tried every second, and told of once. */
  complain(text: string): void {
    const now = performance.now();
    if (text === this.#complaint.text && now - this.#complaint.at < COMPLAINT_MS) return;
    this.#complaint = { text, at: now };
    this.say(text);
  }

  /** Leaves the last line where it is. */
  end(): void {
    if (this.#live) this.#out.write('\n');
    this.#live = false;
  }
}

function describe(state: MinerState): string {
  const { status, track, rate, attempts, wins, lastPayoutMicro, balanceMicro } = state;
  return [
    `${track}`,
    `${short(rate)}/s`,
    `${short(attempts)} attempts`,
    `${wins} ${wins === 1 ? 'win' : 'wins'}`,
    ...(lastPayoutMicro === undefined ? [] : [`last ${lastPayoutMicro} micro`]),
    ...(balanceMicro === undefined ? [] : [`balance ${balanceMicro} micro`]),
    // The others take turns too quickly to be read.
    ...(status === 'waiting' ? [status] : []),
  ].join('  ');
}
