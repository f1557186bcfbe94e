import type { Name } from '../store.js';
import type { Functions } from './functions.js';
import { DISCOVERABLE_KEYS, recordKeys } from './keys.js';
import { flag, texts } from './reply.js';

/** Draws that meet only dead entries or known ones before the answer is left short. */
const ROUNDS = 8;

/**
 * The index of decoys. It lives in a slot of its own and is only a hint: the owner's record says whether an
 * entry may be drawn, so an entry that a crash left behind is never answered.
 */
export class Discoverable {
  constructor(
    private readonly functions: Functions,
    private readonly ttlMs: number,
  ) {}

  async show(owner: Name, generation: string, sealed: string): Promise<void> {
    await this.functions.call('relay_show', DISCOVERABLE_KEYS, this.ttlMs, owner, generation, sealed);
    // A burn may have passed between the record and the index: it found no entry to erase.
    if (!(await this.#isShown(owner, generation))) await this.hide(owner, generation);
  }

  async showLonger(owner: Name, generation: string): Promise<void> {
    await this.functions.call('relay_show_longer', DISCOVERABLE_KEYS, this.ttlMs, owner, generation);
  }

  async hide(owner: Name, generation: string): Promise<void> {
    await this.functions.call('relay_hide', DISCOVERABLE_KEYS, owner, generation);
  }

  async draw(count: number): Promise<string[]> {
    const found = new Map<Name, string>();
    for (let round = 0; round < ROUNDS && found.size < count; round++) {
      const drawn = await this.#drawSome(count);
      await Promise.all(
        drawn.map(async ({ owner, generation, sealed }) => {
          if (await this.#isShown(owner, generation)) found.set(owner, sealed);
          else await this.hide(owner, generation);
        }),
      );
      // Fewer than asked for is all there are.
      if (drawn.length < count) break;
    }
    return [...found.values()].slice(0, count);
  }

  async #drawSome(count: number): Promise<{ owner: Name; generation: string; sealed: string }[]> {
    const reply = texts(await this.functions.call('relay_draw', DISCOVERABLE_KEYS, count));
    const drawn: { owner: Name; generation: string; sealed: string }[] = [];
    for (let index = 0; index + 1 < reply.length; index += 2) {
      const [owner = '', entry = ''] = reply.slice(index, index + 2);
      const end = entry.indexOf(':');
      drawn.push({ owner, generation: entry.slice(0, end), sealed: entry.slice(end + 1) });
    }
    return drawn;
  }

  async #isShown(owner: Name, generation: string): Promise<boolean> {
    return flag(await this.functions.call('relay_is_shown', recordKeys(owner), generation));
  }
}
