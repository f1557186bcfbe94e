import type { Clock } from '../../../platform/clock.js';
import type { Bearer } from '../tokens/bearer.js';

/**
 * Until when tokens of an outside issuer are over that end with this one, which is among them also where the
 * issuer's clock is ahead. Null where the tokens are our own and know a generation.
 */
export function endingOf({ generation, issuedAt }: Bearer, clock: Clock): number | null {
  return generation === null ? Math.ceil(Math.max(clock.now(), issuedAt)) : null;
}
