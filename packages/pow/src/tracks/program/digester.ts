import { digestsAt, type Kernel } from '../../kernel/instance.js';
import { NONCE_EXPORTS, NonceHash } from '../../kernel/nonces.js';
import type { Digester } from '../search.js';
import type { Compiled } from './compile.js';
import type { Instruction } from './instruction.js';

/** Exports of both machines' kernels; see assembly/tiny-vm.ts and assembly/vm-chain.ts. */
export const VM_FUNCTIONS = [...NONCE_EXPORTS, 'configure', 'begin', 'resume', 'refused'] as const;
export const VM_ADDRESSES = ['input', 'digests', 'machine', 'program', 'stretches'] as const;
export type VmKernel = Kernel<(typeof VM_FUNCTIONS)[number], (typeof VM_ADDRESSES)[number]>;

/** A row of the kernel's program, in bytes. */
const ROW = 8;
/** More steps than a run ever has. */
const NEVER = 0xffffffff;
const utf8 = new TextEncoder();

/** Takes the program on from `pc`; answers where it stopped. */
type Run = (pc: number) => number;

export interface VmOptions {
  challenge: string;
  seed: string;
  program: readonly Instruction[];
  /** Without it the kernel interprets every step. */
  compiled: Compiled | undefined;
  /** Lanes of the kernel's build, and nonces that there is room for. */
  width: number;
  lanes: number;
  /** The number with which a program is refused. */
  refusal: number;
}

/** Runs a round's program: the kernel and compiled code hand the run to each other until it is done. */
export class VmDigester implements Digester {
  readonly lanes: number;
  readonly memory: WebAssembly.Memory;
  readonly #kernel: VmKernel;
  readonly #run: Run | undefined;
  readonly #first: NonceHash;
  readonly #refusal: number;

  private constructor(kernel: VmKernel, run: Run | undefined, options: VmOptions) {
    const { challenge, seed, width, lanes, refusal } = options;
    this.lanes = lanes;
    this.memory = kernel.memory;
    this.#kernel = kernel;
    this.#run = run;
    this.#first = new NonceHash(kernel, width, utf8.encode(`${challenge}|${seed}|`));
    this.#refusal = refusal;
  }

  /** Puts the program into the kernel, and links what it was compiled to with the kernel's memory. */
  static async open(kernel: VmKernel, options: VmOptions): Promise<VmDigester> {
    const { program, compiled } = options;
    putProgram(kernel, program);
    const stretches = new DataView(kernel.memory.buffer, kernel.stretches.value, (program.length + 1) * 4);
    for (let pc = 0; pc <= program.length; pc++) {
      stretches.setUint32(pc * 4, compiled?.stretches.get(pc) ?? NEVER, true);
    }
    return new VmDigester(kernel, compiled && (await link(compiled, kernel.memory)), options);
  }

  digests(nonces: readonly string[]): (Uint8Array | number)[] {
    const kernel = this.#kernel;
    this.#first.hash(nonces);
    let pc = kernel.begin(nonces.length, this.lanes);
    while (this.#run && pc >= 0) pc = kernel.resume(this.#run(pc));
    const refused = kernel.refused();
    return digestsAt(this.memory, kernel.digests.value, nonces.length).map((digest, lane) =>
      (refused >> lane) & 1 ? this.#refusal : digest,
    );
  }
}

function putProgram(kernel: VmKernel, program: readonly Instruction[]): void {
  const rows = new DataView(kernel.memory.buffer, kernel.program.value, program.length * ROW);
  for (const [pc, { op, a, b, imm, target }] of program.entries()) {
    for (const [i, byte] of [op, a, b, imm].entries()) rows.setUint8(pc * ROW + i, byte);
    rows.setUint32(pc * ROW + 4, target, true);
  }
}

async function link({ module }: Compiled, memory: WebAssembly.Memory): Promise<Run> {
  const { instance } = await WebAssembly.instantiate(module, { kernel: { memory } });
  const { run } = instance.exports;
  if (typeof run !== 'function') throw new TypeError('a compiled program does not run');
  return (pc) => run(pc);
}
