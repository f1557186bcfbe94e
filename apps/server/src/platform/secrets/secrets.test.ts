import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { readSettings } from '../settings/environment.js';
import { PLATFORM_SETTINGS } from '../settings/platform.js';
import { loadSecrets, type Secrets } from './secrets.js';

const root = mkdtempSync(join(tmpdir(), 'blindpost-secrets-'));
after(() => rmSync(root, { recursive: true }));

let folders = 0;
/** A data folder that does not exist yet. */
function freshFolder(): string {
  folders += 1;
  return join(root, String(folders));
}

function settings(environment: Record<string, string>) {
  const read = readSettings(environment, { platform: PLATFORM_SETTINGS });
  assert.ok(read.ok);
  return read.values.platform;
}

test('absent secrets are made once, and only the path is told', () => {
  const folder = freshFolder();
  const told: string[] = [];
  const first = loadSecrets(settings({ DATA_DIR: folder }), (path) => told.push(path));
  assert.match(first.admin, /^[0-9a-f]{64}$/);
  assert.match(first.root, /^[0-9a-f]{64}$/);
  assert.notEqual(first.admin, first.root);
  assert.equal(told.length, 2);
  for (const path of told) assert.doesNotMatch(path, new RegExp(`${first.admin}|${first.root}`));
  const again = loadSecrets(settings({ DATA_DIR: folder }), () => assert.fail('it was made before'));
  assert.deepEqual(again, first);
});

test('kept secrets are their owner’s alone to read', () => {
  const folder = freshFolder();
  const umask = process.umask(0);
  try {
    loadSecrets(settings({ DATA_DIR: folder }), () => undefined);
  } finally {
    process.umask(umask);
  }
  assert.equal(statSync(folder).mode & 0o777, 0o700);
  const names = readdirSync(folder);
  assert.deepEqual(names.sort(), ['admin-api-key', 'blindpost-secret']);
  for (const name of names) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name);
});

test('given secrets are used and none is written', () => {
  const folder = freshFolder();
  const given = { ADMIN_API_KEY: 'a'.repeat(32), BLINDPOST_SECRET: 'b'.repeat(32), DATA_DIR: folder };
  const secrets = loadSecrets(settings(given), () => assert.fail('nothing is made'));
  assert.deepEqual(secrets, { admin: 'a'.repeat(32), root: 'b'.repeat(32) });
  assert.equal(existsSync(folder), false);
});

test('an empty or cut file is refused, never used as a secret and never overwritten', () => {
  for (const left of ['', '\n', 'abc']) {
    const folder = freshFolder();
    mkdirSync(folder);
    const path = join(folder, 'blindpost-secret');
    writeFileSync(path, left);
    assert.throws(() => loadSecrets(settings({ DATA_DIR: folder }), () => undefined), {
      message: /too short/,
    });
    assert.equal(readFileSync(path, 'utf8'), left);
  }
});

test('two servers starting at once make each secret once and read the same', async () => {
  const program = `
    const { loadSecrets } = await import(${JSON.stringify(new URL('secrets.js', import.meta.url).href)});
    const [at, ...folders] = process.argv.slice(1);
    while (Date.now() < Number(at));
    const told = [];
    const read = folders.map((DATA_DIR) => loadSecrets({ DATA_DIR }, (path) => told.push(path)));
    console.log(JSON.stringify({ read, told }));`;
  const shared = Array.from({ length: 300 }, freshFolder);
  const start = String(Date.now() + 500);
  const run = promisify(execFile);
  const servers = await Promise.all(
    [1, 2].map(() => run(process.execPath, ['--input-type=module', '-e', program, start, ...shared])),
  );
  const answers = servers.map(({ stdout }): { read: Secrets[]; told: string[] } => JSON.parse(stdout));
  assert.deepEqual(answers[0]?.read, answers[1]?.read);
  const told = answers.flatMap((answer) => answer.told);
  assert.equal(told.length, 2 * shared.length);
  assert.equal(new Set(told).size, told.length);
});
