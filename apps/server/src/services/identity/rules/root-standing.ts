/** What became of a root. */
export type RootLife = {
  /** When the next one came; null for the current one. */
  supersededAt: number | null;
  /** When an attester was revoked whose leaf is under it. */
  endedAt: number | null;
};

/** Until when the root is valid, if nobody under it is revoked: null for ever, which is until the next one comes. */
export function validUntil({ supersededAt }: RootLife, windowMs: number): number | null {
  return supersededAt === null ? null : supersededAt + windowMs;
}

/** Whether proofs may stand on the root now: an addition leaves others time to go on, a revocation does not. */
export function rootStands(life: RootLife, now: number, windowMs: number): boolean {
  const until = validUntil(life, windowMs);
  return life.endedAt === null && (until === null || now < until);
}
