import { round } from './latency.js';
import type { Pair } from './pair.js';
import { figuresOf, type PhaseFigures, settled } from './phase.js';

/** `latestSendMs`: the furthest a send fell behind its time; when large, the generator was the bottleneck. */
export type PacedFigures = PhaseFigures & { latestSendMs: number };

/** Sends `rate` messages a second from every pair for `seconds`, spread evenly over pairs and time. */
export async function pace(pairs: readonly Pair[], rate: number, seconds: number): Promise<PacedFigures> {
  const perPair = Math.ceil(rate * seconds);
  for (const pair of pairs) pair.begin(perPair);
  const total = perPair * pairs.length;
  const step = 1000 / (rate * pairs.length);
  const start = performance.now();
  let latest = 0;
  let next = 0;
  await new Promise<void>((done) => {
    const tick = () => {
      for (let now = performance.now(); next < total && start + next * step <= now; next++) {
        latest = Math.max(latest, now - (start + next * step));
        pairs[next % pairs.length]?.send();
      }
      if (next === total) done();
      else setTimeout(tick, 1);
    };
    tick();
  });
  await settled(pairs);
  return { ...figuresOf(pairs, start), latestSendMs: round(latest) };
}
