/** The seven kinds of work. */
export const TRACKS = [
  'CPU_HASH',
  'CHAIN',
  'MEM_WORK',
  'BRANCHY_MIX',
  'TINY_VM',
  'VM_CHAIN',
  'ARGON2D_CHAIN',
] as const;
export type TrackName = (typeof TRACKS)[number];

/** Builds of a kernel: one nonce at a time, or four side by side in 128-bit registers. */
export type Build = 'scalar' | 'simd';

/**
 * Why parameters or a program are refused: the track's own number (2 and up, in the order its rules are
 * tested), or `invalid_params` for what is no parameter at all or would need more memory than there is.
 */
export type Refused = { ok: false; code: number | 'invalid_params'; field: string };

/** What `verify` answers. */
export type Verdict =
  /** 1: the nonce wins; 0: too few leading zero bits. `digest` in lower-case hex. */
  | { code: 0 | 1; digest: string; maxBits: number }
  | { code: number | 'invalid_params'; digest: null; maxBits: null; field: string };

/** The work of one thread on one round: holds the memory and what all nonces of the round share. */
export interface Engine {
  /**
   * The digests of these nonces, all of one length in UTF-8, by the path that the search takes, also where they are
   * fewer than go side by side; or the number with which the program refuses (TINY_VM 6, VM_CHAIN 7).
   */
  digests(nonces: readonly string[]): (Uint8Array | number)[];
  /** Tries the next nonces, as many as take a few milliseconds; answers one that wins, or undefined. */
  step(): string | undefined;
  /** Nonces tried by `step` so far. */
  readonly attempts: number;
  /** WebAssembly memory it holds, in bytes; it never shrinks. */
  readonly memoryBytes: number;
}

/** One track: its parameters, its definition in plain TypeScript, its kernels. */
export interface Track<P extends { bits: number }> {
  /** Reads parameters as they come from outside; every member is looked at before a kernel sees it. */
  read(params: unknown): { ok: true; params: P } | Refused;
  /**
   * The member that says how much memory a nonce takes, where one does. There may be none to be had: `reference`,
   * `open` and `digests` then throw or reject with a RangeError, and the answer is `invalid_params` of this member.
   */
  memoryField?: string;
  /** The definition: 32 bytes, or the number with which the program refuses. */
  reference(params: P, nonce: string): Uint8Array | number;
  /** @param start where `step` begins, any text: the same start walks the same nonces. Random by default. */
  open(params: P, build: Build, start?: string): Promise<Engine>;
}
