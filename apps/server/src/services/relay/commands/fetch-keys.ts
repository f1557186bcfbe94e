import type { KeyBundle } from '@blindpost/protocol/relay';
import type { Relay } from '../relay.js';
import { TAKE_CAPS } from '../settings.js';

/** The bundle of an identity with at most one prekey, which nobody else gets; null when there is none. */
export async function fetchKeys(relay: Relay, hash: string, address: string): Promise<KeyBundle | null> {
  const taken = await relay.store.takeBundle(
    relay.names.mailbox(hash),
    relay.names.address(address),
    TAKE_CAPS,
  );
  const opened = taken === null ? null : relay.sealer.open(taken.sealed);
  if (taken === null || opened === null) return null;
  const bundle: Omit<KeyBundle, 'preKey'> = JSON.parse(opened);
  const preKey = taken.preKey === null ? null : relay.sealer.open(taken.preKey);
  return { ...bundle, preKey: preKey === null ? null : JSON.parse(preKey) };
}
