import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const PACKAGE = new URL('../../../packages/zk/', import.meta.url);

/** Constraints of the circuit as the repository's compiler counts them: all linear ones removed, or equalities alone. */
export function constraints(circuit: string): { full: number; equalities: number } {
  return { full: compiled(circuit, 2), equalities: compiled(circuit, 1) };
}

function compiled(circuit: string, simplification: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'blindpost-bench-circuit-'));
  try {
    const script = fileURLToPath(new URL('scripts/compile.mjs', PACKAGE));
    const source = fileURLToPath(new URL(`circuits/${circuit}.circom`, PACKAGE));
    const args = [script, source, folder, `${simplification}`, 'r1cs'];
    const said = stripVTControlCharacters(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout);
    // Two lines: those that multiply, and those that do not.
    const counts = Array.from(said.matchAll(/linear constraints: (\d+)/g), ([, count]) => Number(count));
    if (counts.length !== 2) throw new Error(`the compiler counted nothing: ${said}`);
    return counts.reduce((sum, count) => sum + count);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
