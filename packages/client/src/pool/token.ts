import { MINER_TOKEN } from '@blindpost/protocol/pool';

/** A new identity of a miner: `bp_` and 32 random bytes. Whoever has it has the miner's balance; keep it secret. */
export function newMinerToken(): string {
  const random = crypto.getRandomValues(new Uint8Array(32));
  const base64 = btoa(String.fromCharCode(...random));
  return `bp_${base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

export function isMinerToken(text: string): boolean {
  return MINER_TOKEN.test(text);
}
