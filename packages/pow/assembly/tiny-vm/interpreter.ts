import {
  BRANCH, HALT, JUMP, LEFT, LOAD, STORE, Stop, calculate, fits, machine, program, register,
} from '../vm/machine';

/** Words of memory. */
export const WORDS: u32 = 1024;
/** The memory that the program runs on. */
export const words: usize = memory.data(1024 * 4, 64);

/** Where the interpreter stopped. */
export let pc: u32 = 0;

/** Goes on from `from` in a program of `count` instructions. */
export function interpret(from: u32, count: u32): Stop {
  pc = from;
  for (let left = load<u32>(machine, LEFT); left > 0; left--) {
    if (fits(pc, left)) {
      store<u32>(machine, left, LEFT);
      return Stop.Fits;
    }
    if (pc >= count) return Stop.Refused;
    const at = program + pc * 8;
    const op = load<u8>(at);
    const a = register(load<u8>(at, 1));
    const b = load<u32>(register(load<u8>(at, 2)));
    const imm: u32 = load<u8>(at, 3);
    const word = words + ((b + imm) % WORDS) * 4;
    pc++;
    switch (op) {
      case LOAD: store<u32>(a, load<u32>(word)); break;
      case STORE: store<u32>(word, load<u32>(a)); break;
      case BRANCH: if ((load<u32>(a) >> (imm & 31)) & 1) pc = load<u32>(at, 4); break;
      case JUMP: pc = load<u32>(at, 4); break;
      case HALT: return Stop.Halted;
      default:
        if (op > HALT) return Stop.Refused;
        store<u32>(a, calculate(op, load<u32>(a), b, imm));
    }
  }
  return Stop.Spent;
}
