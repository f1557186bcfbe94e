import { readFile } from 'node:fs/promises';
import { type Checked, check, isVectorFile, type VectorFile } from '@blindpost/pow/tracks';
import { Command } from 'commander';
import { Failure, failing } from '../failure.js';

/** Exit code for a file that cannot be checked, apart from 1 for vectors that fail. */
const NO_VECTORS = 2;

/** `blindpost pow check <file>` */
export function checkCommand(): Command {
  return new Command('check')
    .description('Check a file of vectors against the reference and both builds of the kernels.')
    .argument('<file>', 'vectors, JSON')
    .action((file: string) => failing(() => checkFile(file)));
}

async function checkFile(file: string): Promise<void> {
  const { vectors } = await read(file);
  let failed = 0;
  for (const vector of vectors) {
    let passed = true;
    for await (const checked of check([vector])) {
      if (checked.ok) continue;
      passed = false;
      process.stdout.write(`${describe(checked)}\n`);
    }
    if (!passed) failed += 1;
  }
  process.stdout.write(`${vectors.length - failed} passed, ${failed} failed\n`);
  if (failed > 0) process.exitCode = 1;
}

async function read(file: string): Promise<VectorFile> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Failure(`${file}: ${error instanceof Error ? error.message : error}`, NO_VECTORS);
  }
  if (!isVectorFile(content)) throw new Failure(`${file} is no file of vectors`, NO_VECTORS);
  return content;
}

function describe({ id, path, expected, got }: Checked): string {
  return `${id} ${path}: expected ${outcome(expected)}, got ${outcome(got)}`;
}

function outcome({ code, digest, maxBits }: Checked['expected'] | Checked['got']): string {
  return digest === null ? `${code}` : `${code} ${digest} ${maxBits}`;
}
