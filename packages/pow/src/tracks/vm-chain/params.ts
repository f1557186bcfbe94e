import { hex, type ParamsOf, type Rule, readParams, text, word } from '../params.js';

const SHAPE = {
  challenge: text,
  seed: text,
  program_hex: hex,
  steps: word,
  memWords: word,
  chainUpdateEvery: word,
  sampleWords: word,
  bits: word,
};
export type VmChainParams = ParamsOf<typeof SHAPE>;

const MAX_STEPS = 2_000_000;
const MAX_INTERVAL = 1024;

const RULES: Rule<VmChainParams>[] = [
  { code: 2, field: 'steps', accepts: ({ steps }) => steps >= 1 && steps <= MAX_STEPS },
  { code: 3, field: 'bits', accepts: ({ bits }) => bits <= 256 },
  { code: 4, field: 'memWords', accepts: ({ memWords }) => isMemory(memWords) },
  {
    code: 5,
    field: 'chainUpdateEvery',
    accepts: ({ chainUpdateEvery: steps }) => steps >= 1 && steps <= MAX_INTERVAL,
  },
  { code: 6, field: 'program_hex', accepts: ({ program_hex }) => isProgram(program_hex.length / 2) },
];

/** 4 KiB to 256 MiB in words, a power of two. */
function isMemory(words: number): boolean {
  return words >= 1024 && words <= 67_108_864 && Number.isInteger(Math.log2(words));
}

/** 16 to 4,096 instructions of six bytes. */
function isProgram(bytes: number): boolean {
  return bytes >= 96 && bytes <= 24_576 && bytes % 6 === 0;
}

export const read = (params: unknown) => readParams(params, SHAPE, RULES);
