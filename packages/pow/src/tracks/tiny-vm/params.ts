import { hex, type ParamsOf, type Rule, readParams, text, word } from '../params.js';
import { OP } from '../program/instruction.js';
import { decode } from './program.js';

const SHAPE = { challenge: text, seed: text, program_hex: hex, steps: word, bits: word };
export type TinyVmParams = ParamsOf<typeof SHAPE>;

const MAX_STEPS = 200_000;

const RULES: Rule<TinyVmParams>[] = [
  { code: 2, field: 'steps', accepts: ({ steps }) => steps >= 1 && steps <= MAX_STEPS },
  { code: 3, field: 'bits', accepts: ({ bits }) => bits <= 256 },
  { code: 4, field: 'program_hex', accepts: ({ program_hex }) => isProgram(program_hex.length / 2) },
  { code: 5, field: 'program_hex', accepts: ({ program_hex }) => jumpsWithin(program_hex) },
];

/** 4 to 1,024 instructions of four bytes. */
function isProgram(bytes: number): boolean {
  return bytes >= 16 && bytes <= 4096 && bytes % 4 === 0;
}

/** Every jump goes to an instruction, also where it is never reached. */
function jumpsWithin(programHex: string): boolean {
  const program = decode(programHex);
  return program.every(({ op, target }) => (op !== OP.BRANCH && op !== OP.JUMP) || target < program.length);
}

export const read = (params: unknown) => readParams(params, SHAPE, RULES);
