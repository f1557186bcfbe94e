import { execFileSync } from 'node:child_process';
import type { Options } from './options.js';
import type { Machine } from './procfs.js';
import type { Run, Summary } from './summary.js';

/** What is written to the file. `method` counts up whenever figures stop being comparable. */
export type Results = {
  method: number;
  date: string;
  commit: string;
  machine: Machine;
  options: Options;
  summary: Summary[];
  runs: Run[];
};

/** The commit measured, marked when the tree held more than it. */
export function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
