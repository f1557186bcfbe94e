import { signedText } from '@blindpost/protocol/relay';
import type { Endpoint } from '../http/endpoint.js';
import { work } from '../work/work.js';
import { ERRORS, RelayError } from './errors.js';
import type { Identity } from './identity.js';
import type { Outbox } from './outbox.js';
import { encodeFrame } from './padding.js';

/** What it takes to subscribe: where the work is bought, who subscribes, and the way to the socket. */
export interface AliasClaim {
  endpoint: Endpoint;
  identity: Identity;
  outbox: Outbox;
  alias: string;
  /** Of an alias that is an identity's hash: that identity. It wins over any owner. */
  proof?: Identity | undefined;
}

/**
 * Subscribes an alias for 30 days by work. The seed is good for one connection and one minute, so the frame is
 * not sent again after a drop; an expired seed is bought once more.
 */
export async function subscribeAlias(claim: AliasClaim): Promise<void> {
  try {
    await subscribe(claim);
  } catch (error) {
    if (!(error instanceof RelayError) || error.code !== 'ERR_EXPIRED') throw error;
    await subscribe(claim);
  }
}

async function subscribe({ endpoint, identity, outbox, alias, proof }: AliasClaim): Promise<void> {
  const { hash } = identity;
  const { seed, nonce } = await work(
    endpoint,
    { type: 'alias', context: alias, identityHash: hash },
    { errors: ERRORS },
  );
  const proven =
    proof === undefined
      ? {}
      : { identityKey: proof.publicKey, signature: proof.sign(signedText.alias(seed, alias, hash)) };
  const id = outbox.nextId();
  const frame = encodeFrame({ type: 'subscribe_alias', alias, seed, nonce, ...proven, id });
  await outbox.add({ id, frame, expects: 'alias_subscribed', target: alias, once: true });
}
