import {
  add,
  and,
  block,
  branch,
  branchTable,
  type Code,
  constant,
  get,
  lessThan,
  load,
  loop,
  multiply,
  or,
  regions,
  rotateLeft,
  set,
  shiftRight,
  store,
  subtract,
  when,
  xor,
} from '../../wasm/code.js';
import { moduleOf } from '../../wasm/module.js';
import { type Instruction, OP } from './instruction.js';
import type { Node, Way } from './plan.js';

/** A local, and where its word lies in the kernel's machine. */
interface Word {
  local: number;
  offset: number;
}

/** A program as a module, and for each root of a tree the steps of the stretch that begins there. */
export interface Compiled {
  module: Uint8Array<ArrayBuffer>;
  stretches: ReadonlyMap<number, number>;
}

/** What the two machines do differently. */
export interface Machine {
  /** Where the registers lie in the kernel's memory, and behind them what `words` names. */
  address: number;
  /** How many locals it has of its own, from `OWN` on. */
  locals: number;
  /** Which of them `run` takes from behind the registers and puts back. */
  words: readonly Word[];
  load(instruction: Instruction): Code;
  store(instruction: Instruction): Code;
  /** Not zero when the branch is taken. */
  condition(instruction: Instruction): Code;
}

/** The parameter: where the run begins, goes on and in the end has arrived. */
const PC = 0;
/** Steps that may still be gone. */
const LEFT = 1;
/** Registers are locals from here on. */
export const REGISTER = 2;
/** Locals of a machine's own. */
export const OWN = REGISTER + 16;

/** What both machines have; see assembly/vm/machine.ts. */
const WORDS: readonly Word[] = [
  ...Array.from({ length: 16 }, (_, i) => ({ local: REGISTER + i, offset: 4 * i })),
  { local: LEFT, offset: 64 },
];

/**
 * The module whose `run(pc)` takes a program on from the root of one of these trees, as far as whole stretches fit into
 * the steps left; it answers where it stopped.
 */
export function compile(machine: Machine, count: number, trees: readonly Node[]): Compiled {
  const words = [...WORDS, ...machine.words];
  const module = moduleOf(OWN - 1 + machine.locals, [
    words.map(({ local, offset }) => set(local, load(constant(machine.address), offset))),
    block(loop(dispatched(machine, count, trees))),
    words.map(({ local, offset }) => store(constant(machine.address), offset, get(local))),
    get(PC),
  ]);
  return { module, stretches: new Map(trees.map(({ stretch: { start, steps } }) => [start, steps])) };
}

/**
 * The trees, one behind the other, each behind the end of a block of its own; the innermost block picks one by pc.
 * Outside of them all lie the dispatcher's loop, and around it the block whose end leaves.
 */
function dispatched(machine: Machine, count: number, trees: readonly Node[]): Code {
  const roots = new Map(trees.map((tree, i) => [tree.stretch.start, i]));
  const leave = trees.length + 1;
  const labels = Array.from({ length: count }, (_, pc) => roots.get(pc) ?? leave);
  return regions(
    branchTable(get(PC), labels, leave),
    trees.map((tree, i) => new Region(machine, roots, trees.length - 1 - i).write(tree, 0)),
  );
}

/** Writes one tree. Depths count the labels that were opened within the region. */
class Region {
  readonly #machine: Machine;
  readonly #roots: ReadonlyMap<number, number>;
  /** Labels around the region, up to the dispatcher's. */
  readonly #around: number;
  readonly #loops = new Map<Node, number>();

  constructor(machine: Machine, roots: ReadonlyMap<number, number>, around: number) {
    this.#machine = machine;
    this.#roots = roots;
    this.#around = around;
  }

  write(node: Node, depth: number): Code {
    if (!node.loops) return this.#stretch(node, depth);
    this.#loops.set(node, depth);
    return loop(this.#stretch(node, depth + 1));
  }

  #stretch(node: Node, depth: number): Code {
    const { start, body, steps, branch: on } = node.stretch;
    return [
      when(lessThan(get(LEFT), constant(steps)), this.#out(start, depth + 1, true)),
      set(LEFT, subtract(get(LEFT), constant(steps))),
      body.map((instruction) => this.#instruction(instruction)),
      on && node.taken ? when(this.#machine.condition(on), this.#way(node.taken, depth + 1)) : [],
      this.#way(node.next, depth),
    ];
  }

  #way(way: Way, depth: number): Code {
    if (way.kind === 'on') return this.write(way.node, depth);
    if (way.kind === 'out') return this.#out(way.pc, depth, !this.#roots.has(way.pc));
    // The label of a loop that was opened within `at` others is `depth - at` from the inside.
    return branch(depth - 1 - (this.#loops.get(way.node) ?? 0));
  }

  #out(pc: number, depth: number, leave: boolean): Code {
    return [set(PC, constant(pc)), branch(depth + this.#around + (leave ? 1 : 0))];
  }

  #instruction(instruction: Instruction): Code {
    const { op, a, b, imm } = instruction;
    const [ra, rb] = [get(REGISTER + a), get(REGISTER + b)];
    switch (op) {
      case OP.ADD:
        return set(REGISTER + a, add(add(ra, rb), constant(imm)));
      case OP.XOR:
        return set(REGISTER + a, xor(xor(ra, rb), constant(imm)));
      case OP.MULTIPLY:
        return set(REGISTER + a, multiply(xor(ra, constant(imm)), or(rb, constant(1))));
      case OP.ROTATE:
        return set(REGISTER + a, rotateLeft(xor(ra, rb), constant(imm & 31)));
      case OP.BIT:
        return set(REGISTER + a, and(shiftRight(rb, constant(imm & 31)), constant(1)));
      case OP.LOAD:
        return this.#machine.load(instruction);
      default:
        return this.#machine.store(instruction);
    }
  }
}
