import { SessionError } from '../error.js';
import { MAX_SKIP } from '../limits.js';
import { messageKeyOf, nextChainKey } from '../primitives/kdf.js';
import type { Chain } from './state.js';

const END = 0xffff_ffff;

export interface NumberedKey {
  readonly n: number;
  readonly messageKey: Uint8Array;
}

/** The key of the next message, and the chain after it. */
export function advance(chain: Chain): { chain: Chain; messageKey: Uint8Array } {
  return { messageKey: messageKeyOf(chain.key), chain: next(chain) };
}

/**
 * The chain at message `n`, and `left`, the chain at each message left out. A header that asks for much costs one
 * hash for each of them; their keys are made by `keysOf` when it has proved true.
 * @throws SessionError `too_far`, before anything is hashed, when they are more than MAX_SKIP
 */
export function skipTo(chain: Chain, n: number): { chain: Chain; left: Chain[] } {
  checkSkip(chain.n, n);
  const left: Chain[] = [];
  let at = chain;
  while (at.n < n) {
    left.push(at);
    at = next(at);
  }
  return { chain: at, left };
}

/** @throws SessionError `too_far` */
export function checkSkip(from: number, to: number): void {
  if (to - from > MAX_SKIP) throw new SessionError('too_far');
}

export function keysOf(left: readonly Chain[]): NumberedKey[] {
  return left.map(({ n, key }) => ({ n, messageKey: messageKeyOf(key) }));
}

function next({ key, n }: Chain): Chain {
  if (n >= END) throw new SessionError('exhausted');
  return { key: nextChainKey(key), n: n + 1 };
}
