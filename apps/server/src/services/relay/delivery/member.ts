import type { Name, RelayStore } from '../store/store.js';

/** Whom a socket speaks for once it has authenticated. */
export type Member = {
  hash: string;
  name: Name;
  generation: string;
  by: 'work' | 'key';
  /** Number of this login; newer ones are higher. */
  login: number;
  /** Sequence of the newest message queued before this login. */
  tail: number;
};

/**
 * Whether the record still is the one the member logged into, and still admits it. Asked where a hint may
 * have passed unheard: a socket admitted by work must not outlive the owner's arrival, nor any socket a burn.
 */
export async function stands(store: RelayStore, { name, generation, by }: Member): Promise<boolean> {
  const standing = await store.standing(name);
  return standing !== null && standing.generation === generation && (by === 'key' || !standing.owned);
}
