/** The parts of snarkjs and circomlibjs that are measured beside ours. */
declare module 'snarkjs' {
  export const curves: {
    getCurveFromName(name: 'bn128'): Promise<{ terminate(): Promise<void> }>;
  };
  export const groth16: {
    fullProve(
      inputs: Record<string, string | string[]>,
      wasm: Uint8Array,
      zkey: Uint8Array,
      logger?: undefined,
      witness?: { memorySize: number },
    ): Promise<{ proof: object; publicSignals: string[] }>;
    verify(verificationKey: unknown, publicSignals: string[], proof: object): Promise<boolean>;
  };
}

declare module 'circomlibjs' {
  export function buildEddsa(): Promise<{
    F: { e(value: bigint): Uint8Array };
    signPoseidon(key: Uint8Array, message: Uint8Array): object;
  }>;
}
