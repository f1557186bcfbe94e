import type { Refusal } from '@blindpost/protocol/errors';
import type { WorkHeaders } from '@blindpost/protocol/relay';
import type { Purpose } from '../../../platform/admission/price.js';
import type { Relay } from '../relay.js';

/** Takes the work that a request's headers offer. Comes before any look at identities: 401 before 403. */
export function payWith(
  relay: Relay,
  headers: WorkHeaders,
  purpose: Purpose,
  context: string,
  identity?: string,
): Promise<Refusal | null> {
  return relay.gate.pay({
    seed: headers['x-pow-seed'],
    nonce: headers['x-pow-nonce'],
    purpose,
    context,
    ...(identity === undefined ? {} : { identity }),
  });
}
