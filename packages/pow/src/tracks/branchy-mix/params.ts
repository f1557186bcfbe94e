import { type ParamsOf, type Rule, readParams, text, word } from '../params.js';

const SHAPE = { challenge: text, seed: text, rounds: word, bits: word };
export type BranchyMixParams = ParamsOf<typeof SHAPE>;

const MAX_ROUNDS = 50_000;

const RULES: Rule<BranchyMixParams>[] = [
  { code: 2, field: 'rounds', accepts: ({ rounds }) => rounds >= 1 && rounds <= MAX_ROUNDS },
  { code: 3, field: 'bits', accepts: ({ bits }) => bits <= 256 },
];

export const read = (params: unknown) => readParams(params, SHAPE, RULES);
