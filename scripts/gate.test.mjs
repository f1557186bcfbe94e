import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, describe, test } from 'node:test';
import { checkExports } from './exports.mjs';
import { checkFloors, RULES } from './floors.mjs';
import { ROOT } from './root.mjs';
import { testFiles } from './test-files.mjs';
import { filesUnder, workspaces } from './workspaces.mjs';

/** One violation per rule of the floors: the rule's name, the module that breaks it, its text. */
const PLANTED = [
  [
    'a workspace is entered through its exports only',
    'apps/cli/src/planted.ts',
    "export * from '../../../packages/protocol/src/errors.js';",
  ],
  [
    'protocol, pow and zk are the ground: nothing of ours below them',
    'packages/protocol/src/planted-below.ts',
    "export { verify } from '@blindpost/pow/hashcash';",
  ],
  [
    'the sessions know the protocol and nothing else of ours',
    'packages/session/src/planted.ts',
    "export * from '@blindpost/pow/hashcash';",
  ],
  [
    'protocol, pow, zk and session do no I/O: node only behind their own import conditions',
    'packages/pow/src/planted-io.ts',
    "export const read = () => import('node:fs');",
  ],
  [
    'the client runs in browsers: node only behind its own import conditions',
    'packages/client/src/planted-socket.ts',
    "import type { WebSocket } from 'ws';\nexport type Socket = WebSocket;",
  ],
  [
    'the console runs in browsers',
    'apps/console/src/planted-socket.tsx',
    "export type { WebSocket } from 'ws';",
  ],
  [
    'the console knows the server by its answers alone',
    'apps/console/src/planted-server.ts',
    "export type Main = typeof import('@blindpost/server/main');",
  ],
  [
    'the client knows no server',
    'packages/client/src/planted-server.ts',
    "export type Main = typeof import('@blindpost/server/main');",
  ],
  [
    'the server never carries the client or its cryptography',
    'apps/server/src/planted.ts',
    "export * from '@blindpost/client/relay';",
  ],
  [
    'the platform knows no service',
    'apps/server/src/platform/planted.ts',
    "export * from '../services/relay/store/store.js';",
  ],
  [
    'services stand on the platform and never on each other',
    'apps/server/src/services/planted/service.ts',
    "export * from '../relay/store/store.js';",
  ],
  [
    'routes and frames see the store as verbs, never an adapter',
    'apps/server/src/services/planted/routes/send.ts',
    "import '@redis/client';",
  ],
  [
    'the test bed stays in tests and benchmarks',
    'apps/server/src/platform/planted-bed.ts',
    "export * from '@blindpost/testbed/server';",
  ],
  [
    'black-box tests know the server by its command alone',
    'apps/server/test/planted/planted.test.ts',
    "import '@blindpost/server/main';",
  ],
];

/** One violation per lint rule that the house insists on. */
const LINTED = [
  [
    'lint/suspicious/noImportCycles',
    'packages/protocol/src/planted-a.ts',
    "export { b as a } from './planted-b.js';\n",
  ],
  ['lint/suspicious/noExplicitAny', 'packages/protocol/src/planted-any.ts', 'export type Drawer = any;\n'],
  [
    'lint/style/noNonNullAssertion',
    'packages/protocol/src/planted-null.ts',
    'export const first = (list: string[]) => list[0]!;\n',
  ],
  [
    'lint/style/useImportType',
    'packages/protocol/src/planted-type.ts',
    "import { Stats } from './relay/stats.js';\nexport type Planted = Stats;\n",
  ],
  ['lint/suspicious/noConsole', 'apps/server/src/planted-console.ts', "console.log('to whom?');\n"],
  [
    'lint/suspicious/noTsIgnore',
    'packages/protocol/src/planted-ts.ts',
    '// @ts-ignore\nexport const x = y;\n',
  ],
  ['format', 'packages/protocol/src/planted-format.ts', 'export const  loose = "double";\n'],
];

const folders = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the floors', () => {
  test('the house as it stands breaks no rule', () => {
    assert.deepEqual(checkFloors(ROOT), []);
  });

  test('one planted violation of every rule is caught, and nothing else is', () => {
    assert.deepEqual(PLANTED.map(([rule]) => rule).sort(), RULES.map(({ name }) => name).sort());
    const root = copy();
    for (const [, path, text] of PLANTED) plant(root, path, text);
    const complaints = checkFloors(root).filter((line) => !line.endsWith('declared in dependencies'));
    for (const [rule, path] of PLANTED) {
      assert.ok(
        complaints.some((line) => line.startsWith(`${path} imports `) && line.endsWith(rule)),
        rule,
      );
    }
    assert.ok(
      complaints.every((line) => PLANTED.some(([, path]) => line.startsWith(path))),
      complaints.join('\n'),
    );
  });

  test('a shipped module that imports a development dependency is caught', () => {
    const root = copy();
    plant(root, 'packages/pow/src/planted.ts', "export * from 'fast-check';");
    const [complaint, ...others] = checkFloors(root);
    assert.match(complaint, /^packages\/pow\/src\/planted\.ts imports fast-check/);
    assert.deepEqual(others, []);
  });

  test('a module that cannot be read, or whose import leads nowhere, is a complaint and not a silence', () => {
    const root = copy();
    plant(root, 'packages/pow/src/planted-lost.ts', "export * from './nowhere.js';");
    plant(root, 'packages/pow/src/planted-torn.ts', 'export const = 1;');
    const complaints = checkFloors(root).join('\n');
    assert.match(complaints, /planted-lost\.ts: no module packages\/pow\/src\/nowhere\.ts/);
    assert.match(complaints, /planted-torn\.ts: .*[Uu]nexpected/);
  });

  test('a rule that no module is concerned by is a complaint', () => {
    const root = copy();
    rmSync(join(root, 'packages/client'), { recursive: true });
    assert.ok(
      checkFloors(root).some((line) => line.includes('no module is concerned by "the client knows no')),
    );
  });
});

test('one planted violation of every lint rule is caught', () => {
  const root = copy();
  plant(root, 'packages/protocol/src/planted-b.ts', "export { a as b } from './planted-a.js';\n");
  for (const [, path, text] of LINTED) plant(root, path, text);
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const { stdout } = spawnSync(
    process.execPath,
    [biome, 'check', '--reporter=json', '--max-diagnostics=none', ...new Set(LINTED.map(([, path]) => path))],
    { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  const caught = JSON.parse(stdout).diagnostics.map(
    ({ category, location }) => `${category} ${location.path?.file ?? location.path}`,
  );
  for (const [rule, path] of LINTED)
    assert.ok(caught.includes(`${rule} ${path}`), `${rule}\n${caught.join('\n')}`);
});

test('an export that no build makes is caught', () => {
  const root = copy();
  plant(root, 'packages/planted/package.json', '{"name":"planted","exports":{"./a":{"node":"./dist/a.js"}}}');
  const complaints = checkExports(root).filter((line) => line.startsWith('packages/planted/'));
  assert.deepEqual(complaints, ['packages/planted/package.json names ./dist/a.js, which no build makes']);
});

test('a compiled test whose source is gone does not run', () => {
  const root = copy();
  plant(root, 'packages/pow/src/kept.test.ts', '');
  plant(root, 'packages/pow/dist/kept.test.js', '');
  plant(root, 'packages/pow/dist/gone.test.js', '');
  plant(root, 'apps/server/test/relay/kept.test.ts', '');
  plant(root, 'apps/server/dist/test/relay/kept.test.js', '');
  const compiled = ['apps/server/dist/test/relay/kept.test.js', 'packages/pow/dist/kept.test.js'];
  assert.deepEqual(testFiles(root), compiled);
  assert.deepEqual(testFiles(root, ['pow/']), [compiled[1]]);
});

/** The sources and the settings of the tools, without anything built or installed. */
function copy() {
  const root = mkdtempSync(join(tmpdir(), 'blindpost-gate-'));
  folders.push(root);
  const files = workspaces(ROOT).flatMap((workspace) => filesUnder(ROOT, workspace));
  const sources = files.filter((path) => !path.includes('/dist/'));
  for (const path of ['package.json', 'biome.json', '.gitignore', ...sources]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    cpSync(join(ROOT, path), join(root, path));
  }
  return root;
}

function plant(root, path, text) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
