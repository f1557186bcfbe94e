import { type Instruction, OP } from './instruction.js';

/** Instructions that follow each other whatever the registers hold: jumps are followed and leave no code. */
export interface Stretch {
  /** Where it begins. */
  start: number;
  /** What it calculates, loads and stores. */
  body: Instruction[];
  /** All its steps: those of the body, of jumps passed over and of the branch at the end. */
  steps: number;
  /** What decides where it goes on, if something does. */
  branch: Instruction | undefined;
  /** Where it goes on, or goes on when the branch is not taken. */
  next: number;
}

/** The stretch at `start`: up to a branch, back to `start`, to what is no stretch, or `longest` steps. */
export function stretchAt(program: readonly Instruction[], start: number, longest: number): Stretch {
  const body: Instruction[] = [];
  let steps = 0;
  for (let pc = start; ; steps++) {
    const instruction = program[pc];
    const end = steps === longest || (steps > 0 && pc === start);
    if (!instruction || instruction.op >= OP.HALT || end) {
      return { start, body, steps, branch: undefined, next: pc };
    }
    if (instruction.op === OP.BRANCH) {
      return { start, body, steps: steps + 1, branch: instruction, next: pc + 1 };
    }
    if (instruction.op !== OP.JUMP) body.push(instruction);
    pc = instruction.op === OP.JUMP ? instruction.target : pc + 1;
  }
}
