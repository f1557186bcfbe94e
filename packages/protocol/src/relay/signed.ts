/**
 * The exact texts that identities sign (Ed25519 over UTF-8). Each binds a fresh seed, so a captured
 * signature is worthless afterwards; `auth` also binds the host dialled, so another server cannot forward it.
 */
export const signedText = {
  auth: (host: string, seed: string, identityHash: string) => `AUTH:${host}:${seed}:${identityHash}`,
  nickname: (seed: string, nickname: string, identityHash: string) =>
    `NICK:${seed}:${nickname}:${identityHash}`,
  burn: (seed: string, identityHash: string) => `BURN:${seed}:${identityHash}`,
  /** The original's form, without a seed; taken only with RELAY_COMPAT_SIGNATURES. */
  burnCompat: (identityHash: string) => `BURN:${identityHash}`,
  alias: (seed: string, alias: string, identityHash: string) => `ALIAS:${seed}:${alias}:${identityHash}`,
  /** Members in this order, values as they stand in the upload; `discoverable` only when it is given. */
  bundle: (upload: {
    identityKey: unknown;
    pq_identityKey: unknown;
    signedPreKey: unknown;
    preKeys: unknown;
    discoverable?: unknown;
  }) => {
    const { identityKey, pq_identityKey, signedPreKey, preKeys, discoverable } = upload;
    return JSON.stringify({ identityKey, pq_identityKey, signedPreKey, preKeys, discoverable });
  },
} as const;

/** What the work must be bound to beside its seed. */
export const workContext = {
  multicast: (recipients: readonly string[]) => recipients.join(','),
  decoy: '',
} as const;
