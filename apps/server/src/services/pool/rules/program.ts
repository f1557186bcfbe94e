/** Operations 0 to 6 of both machines: arithmetic, memory, bits. */
const STRAIGHT = 7;
const JUMP = 8;

/**
 * A program of rows of `size` bytes, each beginning with its operation: whatever is drawn, it runs through and
 * begins again at its first row, so that no nonce ends early or is refused.
 */
export function loopingProgram(bytes: Uint8Array, instructions: number, size: 4 | 6): Uint8Array {
  const program = new Uint8Array(bytes.subarray(0, instructions * size));
  for (let at = 0; at < program.length; at += size) program[at] = (program[at] ?? 0) % STRAIGHT;
  program.fill(0, -size);
  program[program.length - size] = JUMP;
  return program;
}
