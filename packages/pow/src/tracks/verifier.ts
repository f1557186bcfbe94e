import { TRACK_TABLE } from './table.js';
import type { Engine, TrackName, Verdict } from './track.js';
import { digestBy, judge, refused, withinMemory } from './verdict.js';

/** The engine of the parameters a track was last asked about. */
interface Opened {
  params: string;
  engine: Promise<Engine>;
}

/**
 * Verifies nonce after nonce: keeps for each track what all nonces of a round share, such as a base memory or a
 * compiled program, until other parameters come.
 */
export class Verifier {
  readonly #opened = new Map<TrackName, Opened>();
  readonly #held = new Map<TrackName, number>();

  /** As the function of this name. */
  async verify(track: TrackName, params: unknown, nonce: string): Promise<Verdict> {
    const definition = TRACK_TABLE[track];
    const read = definition.read(params);
    if (!read.ok) return refused(read.code, read.field);
    return withinMemory(definition, async () => {
      const engine = await this.#engine(track, read.params);
      try {
        return judge(digestBy(engine, nonce), read.params.bits);
      } finally {
        this.#held.set(track, engine.memoryBytes);
      }
    });
  }

  /** WebAssembly memory held by the engines of all tracks, in bytes; it never shrinks. */
  get memoryBytes(): number {
    return [...this.#held.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  #engine(track: TrackName, params: { bits: number }): Promise<Engine> {
    const key = JSON.stringify(params);
    const known = this.#opened.get(track);
    if (known?.params === key) return known.engine;
    const engine = TRACK_TABLE[track].open(params, 'scalar');
    const opened = { params: key, engine };
    this.#opened.set(track, opened);
    // What could not be read or allocated may be the next time.
    engine.catch(() => {
      if (this.#opened.get(track) === opened) this.#opened.delete(track);
    });
    return engine;
  }
}
