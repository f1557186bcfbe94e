import {
  add,
  and,
  type Code,
  constant,
  get,
  load,
  multiply,
  or,
  rotateLeft,
  set,
  shiftLeft,
  store,
  xor,
} from '../../wasm/code.js';
import { type Compiled, compile, OWN, REGISTER } from '../program/compile.js';
import type { Instruction } from '../program/instruction.js';
import { type Limits, planOf } from '../program/plan.js';

/** The chain moves after some tens of steps, so stretches are short; branches written out would gain nothing. */
const LIMITS: Limits = { longest: 32, depth: 0, size: 2048, resumes: true };
const GOLDEN = 0x9e3779b9;

const LAST = OWN;
const CHAIN_WORD = OWN + 1;
const BASE = OWN + 2;
const WORDS = [
  { local: LAST, offset: 68 },
  { local: CHAIN_WORD, offset: 72 },
  { local: BASE, offset: 76 },
];
/** For what is used twice. */
const X = OWN + 3;
const ADDRESS = OWN + 4;

/**
 * Compiles a program for a kernel that has its machine at `machine`, on memories of `memWords` words; see
 * assembly/vm/machine.ts.
 */
export function compileVmChain(program: readonly Instruction[], machine: number, memWords: number): Compiled {
  /** The address, and what must have been done before it is asked for. */
  const addressOf = ({ b, imm }: Instruction): { before: Code; address: Code } => {
    const sum = add(add(get(REGISTER + b), get(LAST)), constant(Math.imul(GOLDEN, imm)));
    const word = rotateLeft(get(CHAIN_WORD), constant(imm & 31));
    const index = multiply(xor(get(X), constant(0x27d4eb2d)), or(get(X), constant(1)));
    const bytes = and(shiftLeft(index, constant(2)), constant((memWords - 1) * 4));
    return { before: set(X, xor(sum, word)), address: add(get(BASE), bytes) };
  };
  return compile(
    {
      address: machine,
      locals: 5,
      words: WORDS,
      load(on) {
        const { before, address } = addressOf(on);
        return [before, set(LAST, load(address, 0)), set(REGISTER + on.a, get(LAST))];
      },
      store(on) {
        const { before, address } = addressOf(on);
        const changed = xor(load(get(ADDRESS), 0), get(REGISTER + on.a));
        return [before, set(ADDRESS, address), store(get(ADDRESS), 0, changed)];
      },
      condition: ({ a, imm }) => and(xor(get(REGISTER + a), get(LAST)), constant(1 << (imm & 31))),
    },
    program.length,
    planOf(program, LIMITS),
  );
}
