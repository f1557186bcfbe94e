import type { KeyUpload } from '../e2ee/types.js';
import type { KeyBundleParts } from '../relay/rest.js';
import { KEY, readUpload } from './records.js';
import type { ChatState } from './state.js';
import type { KeySource } from './transport/transport.js';

/** One-time prekeys of one upload. */
const STOCK = 100;
/** So many used ones of the last upload, and there is another. */
const USED = 50;
/** The relay forgets a bundle after 30 days without an upload or a login. */
const OLD_MS = 7 * 24 * 3_600_000;

/** The own prekeys on their way to a service: stored before they are published, so that no secret is ever missing. */
export class OwnKeys implements KeySource {
  readonly #state: ChatState;
  readonly #now: () => number;

  constructor(state: ChatState, now: () => number) {
    this.#state = state;
    this.#now = now;
  }

  due(): Promise<boolean> {
    return this.#state.run(async (tx) => {
      const last = await tx.get(KEY.upload);
      const keys = tx.preKeys();
      if (keys.rotate(this.#now()) || last === undefined) return true;
      const { at, oneTime } = readUpload(last);
      return this.#now() - at >= OLD_MS || oneTime - keys.oneTimeCount >= USED;
    });
  }

  forRelay(): Promise<KeyBundleParts> {
    return this.#state.run(async (tx) => {
      const keys = tx.preKeys();
      keys.rotate(this.#now());
      return keys.forRelay(keys.refill(STOCK));
    });
  }

  /** Its own ids: what the need says of the first is of uploads that this store may know nothing of. */
  forE2ee(count: number): Promise<KeyUpload> {
    return this.#state.run(async (tx) => {
      const keys = tx.preKeys();
      keys.rotate(this.#now());
      return keys.forE2ee(keys.refill(Math.min(count, STOCK)));
    });
  }

  uploaded(): Promise<void> {
    return this.#state.run(async (tx) => {
      tx.put(KEY.upload, { at: this.#now(), oneTime: this.#state.preKeys.oneTimeCount });
    });
  }
}
