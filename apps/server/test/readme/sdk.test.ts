/** What the page on the SDK shows is run as it is written, with another address. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startServer, type TestServer } from '@blindpost/testbed/server';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/sdk.md'), 'utf8');
const run = promisify(execFile);

const EXPECTED: Readonly<Record<string, string>> = {
  'quickstart.mjs': 'hello, Ben\ntrue\nAI.CA\n',
  'lasting.mjs': 'true true for when you are back\n',
  'errors.mjs': 'nobody\n',
};
const blocks = [...PAGE.matchAll(/^```\w+ ?(\S*)\n([\s\S]*?)^```/gm)].map(([, name = '', text = '']) => ({
  name,
  text,
}));

let server: TestServer;
let folder: string;

before(async () => {
  server = await startServer({ services: ['relay', 'pool', 'e2ee', 'identity'] });
  folder = await mkdtemp(join(tmpdir(), 'blindpost-sdk-'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
after(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the page has no block that nothing here runs', () => {
  assert.deepEqual(
    blocks.map(({ name }) => name),
    Object.keys(EXPECTED),
  );
});

for (const { name, text } of blocks) {
  test(`${name} does what the page says`, async () => {
    await writeFile(join(folder, name), text.replaceAll('http://127.0.0.1:8080', server.url));
    const { stdout } = await run(process.execPath, [name], { cwd: folder });
    assert.equal(stdout, EXPECTED[name]);
  });
}
