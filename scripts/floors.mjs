/**
 * Holds every import against the floors drawn in ARCHITECTURE.md. Cycles are the linter's;
 * what a module may stand on is decided here, by resolved path.
 */
import { isFile, readModules } from './modules.mjs';

/**
 * A rule speaks of the modules that `of` matches and forbids each import for which `forbids` holds.
 * @typedef {{ name: string, of: (module: Module) => boolean, forbids: (target: string, module: Module) => boolean }} Rule
 * @typedef {import('./modules.mjs').Module} Module
 */

const shipped = (pattern) => (module) => !module.test && pattern.test(module.path);
const none =
  (...patterns) =>
  (target) =>
    patterns.some((pattern) => pattern.test(target));

/** The workspace that is shipped as a bundle. */
const BUNDLED = 'apps/console';

/** @type {Rule[]} */
export const RULES = [
  {
    name: 'a workspace is entered through its exports only',
    of: () => true,
    forbids: (target, module) => isFile(target) && !inside(target, module.workspace),
  },
  {
    name: 'protocol, pow and zk are the ground: nothing of ours below them',
    of: shipped(/^packages\/(protocol|pow|zk)\/src\//),
    forbids: none(/^(packages|apps|bench)[^:]*:/),
  },
  {
    name: 'the sessions know the protocol and nothing else of ours',
    of: shipped(/^packages\/session\/src\//),
    forbids: none(/^(packages\/(?!session\b|protocol:)|apps|bench)/),
  },
  {
    name: 'protocol, pow, zk and session do no I/O: node only behind their own import conditions',
    of: shipped(/^packages\/(protocol|pow|zk|session)\/src\/(?!.*\/(read-)?node\.ts$)/),
    forbids: none(/^node:/, /^npm:(ws|fastify|pino|@redis\/client)$/),
  },
  {
    name: 'the client runs in browsers: node only behind its own import conditions',
    of: shipped(/^packages\/client\/src\/(?!.*\/node\.ts$)/),
    forbids: none(/^node:/, /^npm:ws$/),
  },
  {
    name: 'the console runs in browsers',
    of: shipped(/^apps\/console\/src\//),
    forbids: none(/^node:/, /^npm:(ws|fastify|playwright-core)$/),
  },
  {
    name: 'the console knows the server by its answers alone',
    of: shipped(/^apps\/console\/src\//),
    forbids: none(/^apps\/(?!console\/)/, /^bench\b/),
  },
  {
    name: 'the client knows no server',
    of: shipped(/^packages\/client\//),
    forbids: none(/^(apps|bench)\b/),
  },
  {
    name: 'the server never carries the client or its cryptography',
    of: shipped(/^apps\/server\/src\//),
    forbids: none(/^packages\/(client|session):/),
  },
  {
    name: 'the platform knows no service',
    of: (module) => module.path.startsWith('apps/server/src/platform/'),
    forbids: none(/^apps\/server\/src\/(?!platform\/)/),
  },
  {
    name: 'services stand on the platform and never on each other',
    of: (module) => module.path.startsWith('apps/server/src/services/'),
    forbids: (target, module) =>
      /^apps\/server\/src\/(?!platform\/)/.test(target) &&
      !inside(target, module.path.split('/').slice(0, 5).join('/')),
  },
  {
    name: 'routes and frames see the store as verbs, never an adapter',
    of: shipped(/^apps\/server\/src\/services\/[^/]+\/(routes|rules|commands|frames|delivery)\//),
    forbids: none(
      /\/store\/(memory|redis|sqlite|postgres)\b/,
      /^npm:(@redis\/client|better-sqlite3|pg|kysely)$/,
    ),
  },
  {
    name: 'the test bed stays in tests and benchmarks',
    of: (module) => !module.test && !/^(packages\/testbed|bench)\//.test(module.path),
    forbids: none(/^packages\/testbed:/, /^bench\b/),
  },
  {
    name: 'black-box tests know the server by its command alone',
    of: (module) => /^apps\/(server|console)\/test\//.test(module.path),
    forbids: none(/^apps\/(?!(server|console)\/test\/)/),
  },
];

/** @returns {string[]} one line per violation, empty when the house stands. */
export function checkFloors(root) {
  const { modules, manifests, faults } = readModules(root);
  const complaints = [...faults];
  for (const { name, of, forbids } of RULES) {
    const concerned = modules.filter(of);
    // A rule that reads nothing would stay green for ever after a folder is renamed.
    if (concerned.length === 0) complaints.push(`no module is concerned by "${name}"`);
    for (const module of concerned) {
      for (const target of module.imports) {
        if (forbids(target, module)) complaints.push(`${module.path} imports ${target}: ${name}`);
      }
    }
  }
  return [...complaints, ...undeclared(modules, manifests)];
}

/**
 * What ships must be among `dependencies`; a development dependency is absent where it runs. A bundle carries what
 * it is made of.
 */
function undeclared(modules, manifests) {
  return modules
    .filter((module) => !module.test)
    .flatMap((module) => {
      const { dependencies, devDependencies } = manifests.get(module.workspace);
      const declared = { ...dependencies, ...(module.workspace === BUNDLED ? devDependencies : {}) };
      return module.imports
        .map((target) => packageName(target, manifests))
        .filter((name) => name !== null && !Object.hasOwn(declared, name))
        .map((name) => `${module.path} imports ${name}: what ships is declared in dependencies`);
    });
}

function packageName(target, manifests) {
  if (isFile(target) || /^(node:|#)/.test(target)) return null;
  const [owner, name] = target.split(':');
  return owner === 'npm' ? name : manifests.get(owner).name;
}

function inside(target, folder) {
  return target.startsWith(`${folder}/`);
}
