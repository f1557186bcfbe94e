/** The examples of docs/pow.md are run as they are written, and print what stands there. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { TRACKS } from '@blindpost/pow/tracks';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
const PAGE = readFileSync(join(ROOT, 'docs/pow.md'), 'utf8');
const run = promisify(execFile);

/** Fenced blocks: the language, and the program that a block is, or whose output it is. */
const blocks = [...PAGE.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```/gm)].map(
  ([, language = '', name = '', text = '']) => ({ language, name, text }),
);
const programs = blocks.filter(({ language }) => language === 'js');
const outputs = new Map(
  blocks.filter(({ language }) => language === 'text').map(({ name, text }) => [name, text]),
);
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-pow-'));
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
});
after(() => rm(folder, { recursive: true, force: true }));

test('no block is there that nothing runs', () => {
  assert.equal(blocks.length, 2 * programs.length);
  assert.deepEqual(
    programs.map(({ name }) => name),
    [...outputs.keys()],
  );
});

for (const { name, text } of programs) {
  test(`${name} prints what the page says`, async () => {
    await writeFile(join(folder, name), text);
    const { stdout } = await run(process.execPath, [name], { cwd: folder });
    assert.equal(stdout, outputs.get(name));
  });
}

test('every track is described', () => {
  for (const track of TRACKS) assert.match(PAGE, new RegExp(`^\\| \`${track}\` \\|`, 'm'), track);
});
