/** Reads the modules of the repository and what each of them imports, with a parser, not with patterns. */
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync, Visitor } from 'oxc-parser';
import { filesUnder, workspaces } from './workspaces.mjs';

const SOURCE = /\.(ts|tsx)$/;
/** Compiled output, and AssemblyScript, which is another language in the same dress. */
const FOREIGN = /\/(dist|assembly)\//;

/**
 * @typedef {{ path: string, workspace: string, test: boolean, imports: string[] }} Module
 *   `path` is relative to the root. An import is `node:fs`, `npm:ws`, the path of a module in the same
 *   workspace, `packages/client:relay` for an entry point of another one, or `#name` for a package's own.
 */

/**
 * Reads every workspace under `root`.
 * @returns {{ modules: Module[], manifests: Map<string, object>, faults: string[] }}
 *   `manifests` are the `package.json` by folder; `faults` is what could not be parsed or resolved.
 */
export function readModules(root) {
  const manifests = new Map(workspaces(root).map((folder) => [folder, readManifest(root, folder)]));
  const byName = new Map([...manifests].map(([folder, { name }]) => [name, folder]));
  const faults = [];
  const modules = [...manifests.keys()].flatMap((workspace) =>
    filesUnder(root, workspace)
      .filter((path) => SOURCE.test(path) && !FOREIGN.test(path))
      .map((path) => {
        const { specifiers, errors } = parse(path, readFileSync(join(root, path), 'utf8'));
        faults.push(...errors.map((error) => `${path}: ${error}`));
        const imports = specifiers.map((specifier) => resolve(path, specifier, byName));
        for (const target of imports) {
          if (isFile(target) && !existsSync(join(root, target))) faults.push(`${path}: no module ${target}`);
        }
        return { path, workspace, test: isTest(path), imports };
      }),
  );
  return { modules, manifests, faults };
}

/** Whether an import is a file of the repository, not a package, a builtin or a `#name`. */
export function isFile(target) {
  return !target.startsWith('#') && !target.includes(':');
}

function readManifest(root, workspace) {
  return JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
}

function isTest(path) {
  return /\.(test|fixture)\.tsx?$/.test(path) || /^apps\/(server|console)\/test\//.test(path);
}

function parse(path, text) {
  const { program, errors } = parseSync(path, text);
  const specifiers = new Set();
  const take = (node) => {
    if (typeof node.source?.value === 'string') specifiers.add(node.source.value);
  };
  new Visitor({
    ImportDeclaration: take,
    ExportNamedDeclaration: take,
    ExportAllDeclaration: take,
    ImportExpression: take,
    TSImportType: take,
  }).visit(program);
  return { specifiers: [...specifiers], errors: errors.map((error) => error.message) };
}

function resolve(from, specifier, byName) {
  if (specifier.startsWith('.')) {
    return posix.join(posix.dirname(from), specifier).replace(/\.js(x?)$/, '.ts$1');
  }
  if (specifier.startsWith('#') || specifier.startsWith('node:')) return specifier;
  const [name, ...entry] = specifier.match(/^(@[^/]+\/)?[^/]+|[^/]+/g) ?? [specifier];
  const workspace = byName.get(name);
  return workspace === undefined ? `npm:${name}` : `${workspace}:${entry.join('/')}`;
}
