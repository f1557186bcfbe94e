import { Generator } from './generator.js';
import { round } from './latency.js';
import { type Cores, meter } from './meter.js';
import type { Options } from './options.js';
import type { PacedFigures } from './pace.js';
import type { PhaseFigures } from './phase.js';
import type { Target } from './target.js';

/** Load before the measured phase, so that both ends run compiled code. */
const WARM_UP_SECONDS = 3;
const WARM_UP_SHARE = 0.25;

/** The relay's jitter is uniform over 10 to 50 ms: these are its own median and 99th percentile. */
const JITTER = { p50: 30, p99: 49.6 };
/** Up to here frames to one socket are at least 50 ms apart, so each draws a jitter of its own. */
const LONE_FRAMES_RATE = 20;

export type LoadedRun = {
  scenario: 'paced' | 'burst';
  target: Target['name'];
  figures: PhaseFigures | PacedFigures;
  /** One-way times less the jitter's own; null where that is not known. */
  beyondJitterMs: { p50: number; p99: number } | null;
  cores: Cores;
  /** Of the server's process, user and system. */
  cpuMicrosPerMessage: number | null;
};

/** Called around the measured phase. */
export type Around = { before(): void; after(): Promise<void> };

/** Drives one server with fresh clients from a fresh process. */
export async function runLoaded(
  scenario: 'paced' | 'burst',
  target: Target,
  options: Options,
  around?: Around,
): Promise<LoadedRun> {
  const { pairs, rate, seconds, messages, window, auth, client } = options;
  const generator = new Generator();
  try {
    await generator.call('open', { url: target.url, pairs, auth, client });
    const phase = (share: { seconds: number; messages: number }) =>
      scenario === 'paced'
        ? generator.call('pace', { rate, seconds: share.seconds })
        : generator.call('burst', { messages: share.messages, window });
    await phase({ seconds: WARM_UP_SECONDS, messages: Math.ceil(messages * WARM_UP_SHARE) });
    around?.before();
    const used = meter(target, generator.pid);
    const figures = await phase({ seconds, messages });
    const { cores, serverSeconds } = used();
    await around?.after();
    await generator.call('close', null);
    const { p50, p99 } = figures.oneWayMs;
    const known = scenario === 'paced' && target.name === 'relay' && rate <= LONE_FRAMES_RATE;
    return {
      scenario,
      target: target.name,
      figures,
      beyondJitterMs: known ? { p50: round(p50 - JITTER.p50), p99: round(p99 - JITTER.p99) } : null,
      cores,
      cpuMicrosPerMessage: serverSeconds === null ? null : round((serverSeconds * 1e6) / figures.delivered),
    };
  } finally {
    await generator.end();
  }
}
