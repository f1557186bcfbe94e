import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { run } from './command.js';

const VECTORS = fileURLToPath(
  new URL('../../../../../packages/pow/vectors/pow-tracks.json', import.meta.url),
);

interface Vector {
  id: string;
  track: string;
  expect: { code: number | string; digest: string | null; maxBits: number | null };
}

let folder: string;
let vectors: Vector[];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-vectors-'));
  const all: Vector[] = JSON.parse(await readFile(VECTORS, 'utf8')).vectors;
  // A few of each track: all of them are checked beside the tracks.
  const seen = new Map<string, number>();
  vectors = all.filter(({ track }) => {
    const count = seen.get(track) ?? 0;
    seen.set(track, count + 1);
    return count < 4;
  });
});
after(() => rm(folder, { recursive: true, force: true }));

async function check(content: unknown) {
  const file = join(folder, 'vectors.json');
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return run(['pow', 'check', file]);
}

function lines(stdout: string): string[] {
  return stdout.trimEnd().split('\n');
}

test('vectors that are right pass, and the last line counts them', async () => {
  const { code, stdout } = await check({ format: 'powloot-vectors-1', vectors });
  assert.equal(stdout, `${vectors.length} passed, 0 failed\n`);
  assert.equal(code, 0);
});

test('vectors that are wrong are told by every path, counted once, and the exit code is 1', async () => {
  const [first, second] = vectors.filter(({ expect }) => expect.digest !== null);
  assert.ok(first !== undefined && second !== undefined);
  const wrong = [
    { ...first, expect: { ...first.expect, digest: '00'.repeat(32) } },
    { ...second, expect: { ...second.expect, maxBits: 200 } },
  ];
  // The same id twice is two vectors all the same.
  const { code, stdout } = await check({ format: 'powloot-vectors-1', vectors: [...wrong, second, second] });
  const told = lines(stdout);
  assert.equal(told.pop(), '2 passed, 2 failed');
  assert.deepEqual(
    told.map((line) => line.split(':')[0]),
    [first.id, second.id].flatMap((id) => ['reference', 'scalar', 'simd'].map((path) => `${id} ${path}`)),
  );
  assert.equal(code, 1);
});

test('what is no file of vectors is told in one line, with exit code 2', async () => {
  const answers = [
    await check(''),
    await check('[]'),
    await check({ format: 'other' }),
    await check({ format: 'powloot-vectors-1', vectors: [{ id: 'x' }] }),
    await run(['pow', 'check', join(folder, 'nowhere.json')]),
    await run(['pow', 'check', folder]),
  ];
  for (const { code, stdout, stderr } of answers) {
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^blindpost: [^\n]+\n$/);
  }
});
