import { add, and, constant, get, load, set, shiftLeft, store } from '../../wasm/code.js';
import { type Compiled, compile, REGISTER } from '../program/compile.js';
import type { Instruction } from '../program/instruction.js';
import { type Limits, planOf } from '../program/plan.js';

/** Two branches on each way make a search about 6 % faster, at twice the code; more of them hardly anything. */
const LIMITS: Limits = { longest: 256, depth: 2, size: 2048, resumes: false };
/** The last of 1,024 words, in bytes. */
const LAST_WORD = 4092;

/** Compiles a program for a kernel that has its machine and its memory at these addresses. */
export function compileTinyVm(program: readonly Instruction[], machine: number, memory: number): Compiled {
  const address = ({ b, imm }: Instruction) =>
    and(add(shiftLeft(get(REGISTER + b), constant(2)), constant(4 * imm)), constant(LAST_WORD));
  return compile(
    {
      address: machine,
      locals: 0,
      words: [],
      load: (on) => set(REGISTER + on.a, load(address(on), memory)),
      store: (on) => store(address(on), memory, get(REGISTER + on.a)),
      condition: ({ a, imm }) => and(get(REGISTER + a), constant(1 << (imm & 31))),
    },
    program.length,
    planOf(program, LIMITS),
  );
}
