import { type ParamsOf, type Rule, readParams, text, word } from '../params.js';

const SHAPE = { challenge: text, seed: text, memBlocks: word, passes: word, lanes: word, bits: word };
export type Argon2dChainParams = ParamsOf<typeof SHAPE>;

const RULES: Rule<Argon2dChainParams>[] = [
  { code: 2, field: 'bits', accepts: ({ bits }) => bits <= 256 },
  { code: 3, field: 'lanes', accepts: ({ lanes }) => lanes === 1 },
  { code: 4, field: 'passes', accepts: ({ passes }) => passes >= 1 && passes <= 8 },
  { code: 5, field: 'memBlocks', accepts: ({ memBlocks }) => isMemory(memBlocks) },
];

/** 1 MiB to 1 GiB in blocks of 1,024 bytes, a power of two. */
function isMemory(blocks: number): boolean {
  return blocks >= 1024 && blocks <= 1_048_576 && Number.isInteger(Math.log2(blocks));
}

export const read = (params: unknown) => readParams(params, SHAPE, RULES);
