import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRACKS } from '@blindpost/pow/tracks';
import { run } from './command.js';

test('the bench has a row for each track, with a figure for each way to compute it', async () => {
  const { code, stdout, stderr } = await run(['pow', 'bench', '--seconds', '0.01']);
  assert.equal(code, 0, stderr);
  const [head = '', ...rows] = stdout.trimEnd().split('\n');
  assert.deepEqual(head.trim().split(/\s+/), ['reference', 'scalar', 'simd']);
  assert.deepEqual(
    rows.map((row) => row.split(' ')[0]),
    [...TRACKS],
  );
  const figure = '\\s+[0-9.]+( [kMGT])?/s';
  for (const row of rows) assert.match(row, new RegExp(`^[A-Z0-9_]+(${figure}){3}( |$)`));
});

test('a time that is none is refused', async () => {
  for (const seconds of ['0', '-1', 'long']) {
    const { code, stderr } = await run(['pow', 'bench', '--seconds', seconds]);
    assert.equal(code, 1);
    assert.match(stderr, /number above 0/);
  }
});
