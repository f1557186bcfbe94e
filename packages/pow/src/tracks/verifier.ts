import { TRACK_TABLE } from './table.js';
import type { Engine, TrackName, Verdict } from './track.js';
import { digestBy, judge, outOfMemory, refused } from './verdict.js';

type Params = { bits: number };

/**
 * Verifies nonce after nonce: keeps for each track what all nonces of a round share, such as a base memory or a
 * compiled program, until other parameters come.
 */
export class Verifier {
  /** The engine of the parameters that a track was last asked about. */
  readonly #opened = new Map<TrackName, { params: Params; engine: Promise<Engine> }>();
  readonly #held = new Map<TrackName, number>();

  /** As the function of this name. */
  async verify(track: TrackName, params: unknown, nonce: string): Promise<Verdict> {
    const definition = TRACK_TABLE[track];
    const read = definition.read(params);
    if (!read.ok) return refused(read.code, read.field);
    try {
      const engine = await this.#engine(track, read.params);
      const digest = digestBy(engine, nonce);
      this.#held.set(track, engine.memoryBytes);
      return judge(digest, read.params.bits);
    } catch (error) {
      // What could not be read or allocated may be the next time.
      this.#opened.delete(track);
      this.#held.delete(track);
      return outOfMemory(definition, error);
    }
  }

  /** WebAssembly memory held by the engines of all tracks, in bytes; it never shrinks. */
  get memoryBytes(): number {
    let sum = 0;
    for (const bytes of this.#held.values()) sum += bytes;
    return sum;
  }

  #engine(track: TrackName, params: Params): Promise<Engine> {
    const known = this.#opened.get(track);
    if (known && sameMembers(known.params, params)) return known.engine;
    const engine = TRACK_TABLE[track].open(params, 'scalar');
    this.#opened.set(track, { params, engine });
    return engine;
  }
}

/** Whether two parameters that one track has read are the same: texts and numbers, the same members in the same order. */
function sameMembers(one: Params, other: Params): boolean {
  const values = Object.values(other);
  return Object.values(one).every((value, i) => value === values[i]);
}
