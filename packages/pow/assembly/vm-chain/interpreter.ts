import {
  BASE, BRANCH, CHAIN_WORD, HALT, JUMP, LAST, LEFT, LOAD, STORE, Stop, calculate, fits, machine, program, register,
} from '../vm/machine';

/** 2^32 divided by the golden ratio. */
const GOLDEN: u32 = 0x9e3779b9;

/** Where the interpreter stopped. */
export let pc: u32 = 0;

/** Goes on from `from` in a program of `count` instructions, on a memory of `mask` + 1 words. */
export function interpret(from: u32, count: u32, mask: u32): Stop {
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
    pc++;
    switch (op) {
      case LOAD: {
        const word = load<u32>(address(b, imm, mask));
        store<u32>(machine, word, LAST);
        store<u32>(a, word);
        break;
      }
      case STORE: {
        const word = address(b, imm, mask);
        store<u32>(word, load<u32>(word) ^ load<u32>(a));
        break;
      }
      case BRANCH: if (((load<u32>(a) ^ load<u32>(machine, LAST)) >> (imm & 31)) & 1) pc = load<u32>(at, 4); break;
      case JUMP: pc = load<u32>(at, 4); break;
      case HALT: return Stop.Halted;
      default:
        if (op > HALT) return Stop.Refused;
        store<u32>(a, calculate(op, load<u32>(a), b, imm));
    }
  }
  return Stop.Spent;
}

@inline
function address(b: u32, imm: u32, mask: u32): usize {
  const x = (GOLDEN * imm + load<u32>(machine, LAST) + b) ^ rotl<u32>(load<u32>(machine, CHAIN_WORD), imm);
  return load<u32>(machine, BASE) + (((x ^ 0x27d4eb2d) * (x | 1)) & mask) * 4;
}
