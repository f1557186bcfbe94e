import { type Histogram, histogram, type Latency, summarise } from './latency.js';
import type { Pair } from './pair.js';
import type { Moment } from './stamp.js';

const LOOK_MS = 20;
/** Without any progress for so long, what has not arrived is lost. */
const GIVE_UP_MS = 5_000;

/** What a phase of load came to. Times in milliseconds. */
export type PhaseFigures = {
  sent: number;
  accepted: number;
  refused: Record<string, number>;
  unanswered: number;
  delivered: number;
  /** Accepted by the server and never delivered. */
  lost: number;
  duplicates: number;
  inversions: number;
  droppedSockets: number;
  /** From the first send to the last arrival. */
  seconds: number;
  deliveredPerSecond: number;
  oneWayMs: Latency;
  histogram: Histogram;
};

/** Answers when every message was answered and has arrived, or nothing more comes. */
export async function settled(pairs: readonly Pair[]): Promise<void> {
  let progress = -1;
  let since = performance.now();
  for (;;) {
    const open = pairs.some(({ ledger }) => ledger.open > 0);
    if (!open) return;
    const now = pairs.reduce((sum, { ledger }) => sum + ledger.received + ledger.accepted, 0);
    if (now !== progress) {
      progress = now;
      since = performance.now();
    }
    if (performance.now() - since > GIVE_UP_MS) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Adds up the ledgers of a phase that began at `start`. */
export function figuresOf(pairs: readonly Pair[], start: Moment): PhaseFigures {
  const sum = (count: (pair: Pair) => number) => pairs.reduce((total, pair) => total + count(pair), 0);
  const latencies = Float64Array.from(pairs.flatMap(({ ledger }) => ledger.latencies));
  const end = Math.max(...pairs.map(({ ledger }) => ledger.lastReceivedAt));
  const seconds = (end - start) / 1000;
  const delivered = sum(({ ledger }) => ledger.received);
  const refused: Record<string, number> = {};
  for (const { ledger } of pairs) {
    for (const [code, count] of ledger.refused) refused[code] = (refused[code] ?? 0) + count;
  }
  return {
    sent: sum(({ ledger }) => ledger.sent),
    accepted: sum(({ ledger }) => ledger.accepted),
    refused,
    unanswered: sum(({ ledger }) => ledger.unanswered),
    delivered,
    lost: sum(({ ledger }) => Math.max(0, ledger.accepted - ledger.received)),
    duplicates: sum(({ ledger }) => ledger.duplicates),
    inversions: sum(({ ledger }) => ledger.inversions),
    droppedSockets: sum(({ dropped }) => dropped.length),
    seconds,
    deliveredPerSecond: Math.round(delivered / seconds),
    oneWayMs: summarise(latencies),
    histogram: histogram(latencies),
  };
}
