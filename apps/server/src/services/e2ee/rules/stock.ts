/** A one-time prekey as it is uploaded. */
export type PreKey = { keyId: number; publicKey: Uint8Array };

/** One that is known already. `current` when it belongs to the identity key of now. */
export type KnownPreKey = { key_id: number; public_key: Uint8Array; spent: number; current: boolean };

export type Intake =
  | { ok: true; fresh: PreKey[] }
  /** The id, or the key, at this place of the upload was used for another one. */
  | { ok: false; reason: 'conflict'; item: number }
  | { ok: false; reason: 'overstock' };

/**
 * Which uploaded prekeys are new. What was uploaded before, handed out or not, is passed over, so that repeating an
 * upload is harmless and no key is ever handed out twice.
 * @param floor ids up to here that are not known were handed out long ago
 * @param room how many more may be kept
 */
export function takeIn(
  uploaded: readonly PreKey[],
  known: readonly KnownPreKey[],
  { floor, room }: { floor: number; room: number },
): Intake {
  const byId = new Map<number, string>();
  const byKey = new Map<string, { id: number; current: boolean }>();
  for (const { key_id, public_key, current } of known) {
    if (current) byId.set(key_id, hex(public_key));
    byKey.set(hex(public_key), { id: key_id, current });
  }
  const fresh: PreKey[] = [];
  for (const [item, preKey] of uploaded.entries()) {
    const key = hex(preKey.publicKey);
    const sameId = byId.get(preKey.keyId);
    const sameKey = byKey.get(key);
    if (sameId === key) continue;
    if (sameId !== undefined) return { ok: false, reason: 'conflict', item };
    // Of an identity key before this one, and handed out under it.
    if (sameKey !== undefined && !sameKey.current) continue;
    if (sameKey !== undefined || preKey.keyId <= floor) return { ok: false, reason: 'conflict', item };
    byId.set(preKey.keyId, key);
    byKey.set(key, { id: preKey.keyId, current: true });
    fresh.push(preKey);
  }
  return fresh.length > room ? { ok: false, reason: 'overstock' } : { ok: true, fresh };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
