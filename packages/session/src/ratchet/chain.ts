import { SessionError } from '../error.js';
import { MAX_SKIP } from '../limits.js';
import { stepChain } from '../primitives/kdf.js';
import type { Chain } from './state.js';

const END = 0xffff_ffff;

export interface NumberedKey {
  readonly n: number;
  readonly messageKey: Uint8Array;
}

/** The key of the next message, and the chain after it. */
export function advance(chain: Chain): { chain: Chain; messageKey: Uint8Array } {
  if (chain.n >= END) throw new SessionError('exhausted');
  const { messageKey, chain: key } = stepChain(chain.key);
  return { messageKey, chain: { key, n: chain.n + 1 } };
}

/**
 * The chain at message `n`, and the keys of those left out.
 * @throws SessionError `too_far` when they are more than MAX_SKIP
 */
export function skipTo(chain: Chain, n: number): { chain: Chain; keys: NumberedKey[] } {
  if (n - chain.n > MAX_SKIP) throw new SessionError('too_far');
  const keys: NumberedKey[] = [];
  let at = chain;
  while (at.n < n) {
    const { chain: next, messageKey } = advance(at);
    keys.push({ n: at.n, messageKey });
    at = next;
  }
  return { chain: at, keys };
}
