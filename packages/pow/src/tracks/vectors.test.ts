import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { check, isVectorFile } from './check.js';
import { TRACKS } from './track.js';

const file: unknown = JSON.parse(
  await readFile(new URL('../../vectors/pow-tracks.json', import.meta.url), 'utf8'),
);
assert.ok(isVectorFile(file));
const { vectors } = file;

for (const track of TRACKS) {
  const own = vectors.filter((vector) => vector.track === track);

  test(`${track}: ${own.length} vectors of the original, by the reference and both kernels`, async () => {
    const paths = new Set<string>();
    for await (const { id, path, ok, expected, got } of check(own)) {
      assert.ok(ok, `${id} ${path}: ${JSON.stringify({ expected, got })}`);
      paths.add(`${id} ${path}`);
    }
    assert.ok(own.length >= 50, `${own.length} vectors`);
    assert.equal(paths.size, own.length * 3);
  });
}
