import { hex, type ParamsOf, type Rule, readParams, text, word } from '../params.js';

const SHAPE = { challenge: text, seed: hex, steps: word, bits: word };
export type ChainParams = ParamsOf<typeof SHAPE>;

const RULES: Rule<ChainParams>[] = [{ code: 2, field: 'steps', accepts: ({ steps }) => steps > 0 }];

export const read = (params: unknown) => readParams(params, SHAPE, RULES);
