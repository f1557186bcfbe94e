import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Acks } from './acks.js';

function setUp() {
  const frames: string[][] = [];
  return { frames, acks: new Acks((ids) => frames.push(ids)) };
}

test('a full batch leaves at once, the rest by time, and every id once', async () => {
  const { frames, acks } = setUp();
  const ids = Array.from({ length: 2 * Acks.BATCH + 5 }, (_, i) => `${i}`);
  for (const id of ids) acks.add(id);
  assert.deepEqual(
    frames.map(({ length }) => length),
    [Acks.BATCH, Acks.BATCH],
  );
  while (frames.length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.deepEqual(frames.flat(), ids);
});

test('after a drop nothing of the old connection is sent', async () => {
  const { frames, acks } = setUp();
  acks.add('old');
  acks.drop();
  acks.flush();
  acks.add('new');
  acks.flush();
  assert.deepEqual(frames, [['new']]);
});
