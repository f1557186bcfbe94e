import { poseidon2 } from 'poseidon-lite/poseidon2';
import type { EntitySecrets } from './secrets.js';

/** The entity's public name, P2(secret, salt): stable, and it says nothing about either. */
export function commitmentOf({ secret, salt }: EntitySecrets): bigint {
  return poseidon2([secret, salt]);
}
