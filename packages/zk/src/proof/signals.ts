/** The circuit's public signals by name. */
export type EntitySignals = {
  nullifier: bigint;
  entityCommitment: bigint;
  claimedType: bigint;
  attestersRoot: bigint;
  contextId: bigint;
};

/** The names in the order of the circuit's public signals. */
export const SIGNAL_NAMES = [
  'nullifier',
  'entityCommitment',
  'claimedType',
  'attestersRoot',
  'contextId',
] as const satisfies readonly (keyof EntitySignals)[];

/** How many public signals a proof of the circuit has. */
export const SIGNAL_COUNT: number = SIGNAL_NAMES.length;

/** Gives the signals of a proof their names. Throws a RangeError when it is a proof of another circuit. */
export function entitySignals(signals: readonly bigint[]): EntitySignals {
  const [nullifier, entityCommitment, claimedType, attestersRoot, contextId, ...others] = signals;
  if (
    nullifier === undefined ||
    entityCommitment === undefined ||
    claimedType === undefined ||
    attestersRoot === undefined ||
    contextId === undefined ||
    others.length > 0
  )
    throw new RangeError(`the circuit has ${SIGNAL_COUNT} signals`);
  return { nullifier, entityCommitment, claimedType, attestersRoot, contextId };
}
