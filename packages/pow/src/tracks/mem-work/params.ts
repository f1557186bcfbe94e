import { hex, type ParamsOf, type Rule, readParams, text, word } from '../params.js';

/** Memory that a nonce may take, in bytes. */
const MAX_TOTAL = 64 * 1024 * 1024;

const SHAPE = { challenge: text, seed: hex, steps: word, lanes: word, laneSize: word, bits: word };
export type MemWorkParams = ParamsOf<typeof SHAPE>;

const RULES: Rule<MemWorkParams>[] = [
  { code: 2, field: 'steps', accepts: ({ steps }) => steps > 0 },
  { code: 3, field: 'lanes', accepts: ({ lanes }) => lanes > 0 },
  { code: 4, field: 'laneSize', accepts: ({ laneSize }) => laneSize > 0 },
  { code: 5, field: 'bits', accepts: ({ bits }) => bits <= 256 },
  // The original fails on a product that wraps to 0, and on 2 GiB and more.
  { code: 'invalid_params', field: 'laneSize', accepts: (p) => total(p) > 0 && total(p) <= MAX_TOTAL },
];

export const read = (params: unknown) => readParams(params, SHAPE, RULES);

/** Size of the memory in bytes: only the product counts, and it wraps as the original's words do. */
export function total({ lanes, laneSize }: Pick<MemWorkParams, 'lanes' | 'laneSize'>): number {
  return Math.imul(lanes, laneSize) >>> 0;
}
