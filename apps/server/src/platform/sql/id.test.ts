import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../clock.js';
import { systemRandom } from '../random.js';
import { uuidBytes, uuidText, uuidv7 } from './id.js';

test('an id is laid out as RFC 9562 writes version 7', () => {
  // The example of its appendix A.6: 2022-02-22 14:22:22.000 -05:00.
  const clock = { ...systemClock, now: () => 0x017f22e279b0 };
  const random = { ...systemRandom, hex: (bytes: number) => 'ff'.repeat(bytes) };
  assert.equal(uuidText(uuidv7(clock, random)), '017f22e2-79b0-7fff-bfff-ffffffffffff');
  const zeros = { ...systemRandom, hex: (bytes: number) => '00'.repeat(bytes) };
  assert.equal(uuidText(uuidv7(clock, zeros)), '017f22e2-79b0-7000-8000-000000000000');
});

test('ids of later milliseconds sort after earlier ones, and those of one millisecond differ', () => {
  let now = 2 ** 40 - 5;
  const clock = { ...systemClock, now: () => now };
  const texts: string[] = [];
  for (; now < 2 ** 40 + 5; now++) texts.push(uuidText(uuidv7(clock, systemRandom)));
  assert.deepEqual(texts, texts.toSorted());
  const same = Array.from({ length: 1_000 }, () => uuidText(uuidv7(clock, systemRandom)));
  assert.equal(new Set(same).size, 1_000);
});

test('bytes and text of an id are read from each other, and nothing else is taken for one', () => {
  const id = uuidv7(systemClock, systemRandom);
  assert.deepEqual(uuidBytes(uuidText(id)), id);
  assert.deepEqual(uuidBytes(uuidText(id).toUpperCase()), id);
  const text = uuidText(id);
  for (const wrong of [
    '',
    text.slice(1),
    `${text}0`,
    text.replaceAll('-', ''),
    `{${text}}`,
    text.replace('-', 'g'),
  ])
    assert.equal(uuidBytes(wrong), null, wrong);
});
