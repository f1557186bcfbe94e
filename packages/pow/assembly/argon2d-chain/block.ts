/** Bytes of a block of 256 words. */
export const BLOCK: usize = 1024;
