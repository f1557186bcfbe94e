/** The part of circomlibjs that the tests compare with. */
declare module 'circomlibjs' {
  /** Poseidon and EdDSA compute with elements in Montgomery form. */
  export interface Field {
    e(value: bigint): Uint8Array;
    toObject(element: Uint8Array): bigint;
  }
  export type Pair = [Uint8Array, Uint8Array];
  export interface BabyJub {
    F: Field;
    Generator: Pair;
    Base8: Pair;
    subOrder: bigint;
    addPoint(one: Pair, other: Pair): Pair;
    mulPointEscalar(point: Pair, scalar: bigint): Pair;
    inSubgroup(point: Pair): boolean;
  }
  export interface Eddsa {
    F: Field;
    babyJub: BabyJub;
    prv2pub(key: Uint8Array): Pair;
    signPoseidon(key: Uint8Array, message: Uint8Array): { R8: Pair; S: bigint };
    verifyPoseidon(message: Uint8Array, signature: { R8: Pair; S: bigint }, publicKey: Pair): boolean;
  }
  export function buildEddsa(): Promise<Eddsa>;
  export function buildPoseidonReference(): Promise<{ (inputs: bigint[]): Uint8Array; F: Field }>;
}
