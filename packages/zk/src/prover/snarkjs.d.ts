/** The part of snarkjs that proves, verifies for comparison, and reads keys. */
declare module 'snarkjs' {
  type Bytes = Uint8Array;
  /** A file in memory: snarkjs puts bytes into `data`. */
  type MemoryFile = { type: 'mem'; data?: Uint8Array };
  type Proof = { pi_a: string[]; pi_b: string[][]; pi_c: string[]; protocol: string; curve: string };
  interface Logger {
    debug(message: string): void;
    info(message: string): void;
    warn(message: string): void;
    error(message: string): void;
  }
  interface Curve {
    terminate(): Promise<void>;
  }

  export const curves: {
    getCurveFromName(name: 'bn128', options?: { singleThread?: boolean }): Promise<Curve>;
  };
  export const wtns: {
    /** `memorySize` is in pages of 64 KiB, and is asked for even by programs that bring their own memory. */
    calculate(
      inputs: Record<string, string | string[]>,
      wasm: Bytes | MemoryFile,
      witness: MemoryFile,
      options?: { memorySize?: number },
    ): Promise<void>;
  };
  export const groth16: {
    prove(
      zkey: Bytes | MemoryFile,
      witness: MemoryFile,
      logger?: Logger,
    ): Promise<{ proof: Proof; publicSignals: string[] }>;
    verify(verificationKey: unknown, publicSignals: string[], proof: Proof): Promise<boolean>;
  };
}
