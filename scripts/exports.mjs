/** Checks that what the packages promise in `package.json` is really there after a build. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workspaces } from './workspaces.mjs';

/** @returns {string[]} one line per target of `exports`, `imports` or `bin` that no file answers. */
export function checkExports(root) {
  return workspaces(root).flatMap((workspace) => {
    const manifest = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
    return [manifest.exports, manifest.imports, manifest.bin]
      .flatMap(leaves)
      .filter((target) => !target.includes('*') && !existsSync(join(root, workspace, target)))
      .map((target) => `${workspace}/package.json names ${target}, which no build makes`);
  });
}

function leaves(value) {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(leaves);
}
