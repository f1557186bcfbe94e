/** Finds the tests to run: compiled ones whose source still exists, and those of the scripts themselves. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, workspaces } from './workspaces.mjs';

/**
 * Paths relative to `root`. With `filters`, only those whose path contains one of them (`relay/keys`).
 * A compiled test that outlived its source is left out: it would test what nobody can read.
 */
export function testFiles(root, filters = []) {
  const compiled = workspaces(root).flatMap((workspace) => compiledTests(root, workspace));
  const own = filesUnder(root, 'scripts').filter((path) => path.endsWith('.test.mjs'));
  return [...compiled, ...own].filter(
    (path) => filters.length === 0 || filters.some((filter) => path.includes(filter)),
  );
}

function compiledTests(root, workspace) {
  const config = join(root, workspace, 'tsconfig.json');
  if (!existsSync(config)) return [];
  const { rootDir, outDir } = JSON.parse(readFileSync(config, 'utf8')).compilerOptions;
  const source = rootDir === '.' ? workspace : `${workspace}/${rootDir}`;
  const output = `${workspace}/${outDir}`;
  return filesUnder(root, output)
    .filter((path) => path.endsWith('.test.js'))
    .filter((path) => existsSync(join(root, source, `${path.slice(output.length + 1, -3)}.ts`)));
}
