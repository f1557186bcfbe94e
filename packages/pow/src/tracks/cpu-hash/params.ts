import { type ParamsOf, readParams, text, word } from '../params.js';

const SHAPE = { challenge: text, bits: word };
export type CpuHashParams = ParamsOf<typeof SHAPE>;

export const read = (params: unknown) => readParams(params, SHAPE, []);
