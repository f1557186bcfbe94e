import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  CATEGORIES,
  ENTITY_TYPES,
  entityTypeByCode,
  entityTypeByNumber,
  isCategory,
  typeMask,
  typesOfMask,
} from './index.js';

test('a type is described as the document describes it', () => {
  assert.deepEqual(ENTITY_TYPES[0], {
    code: 'AI.CA',
    hex: '0x0101',
    numeric: 257,
    name: 'Conversational Agent',
    phonetic: 'Kah',
    category: 'AI',
    bit: 0,
  });
  const [synthetic, hive] = [entityTypeByCode('AI.SY'), entityTypeByCode('HY.HS')];
  assert.equal(synthetic?.hex, '0x010A');
  assert.deepEqual([hive?.numeric, hive?.phonetic, hive?.category, hive?.bit], [1026, 'His', 'HY', 15]);
});

test('there are sixteen, ten of them AI, and nothing in the table stands twice', () => {
  assert.equal(ENTITY_TYPES.length, 16);
  const counts = Object.keys(CATEGORIES).map(
    (name) => ENTITY_TYPES.filter(({ category }) => category === name).length,
  );
  assert.deepEqual(counts, [10, 3, 1, 2]);
  for (const member of ['code', 'hex', 'numeric', 'name', 'phonetic', 'bit'] as const) {
    assert.equal(new Set(ENTITY_TYPES.map((type) => type[member])).size, 16, member);
  }
});

test('number, hex and category of every type agree with each other and with its code', () => {
  const categories = Object.keys(CATEGORIES);
  for (const type of ENTITY_TYPES) {
    assert.equal(Number(type.hex), type.numeric);
    assert.equal(type.code.split('.')[0], type.category);
    assert.equal(type.numeric >> 8, categories.indexOf(type.category) + 1);
    assert.equal(entityTypeByCode(type.code), type);
    assert.equal(entityTypeByNumber(BigInt(type.numeric)), type);
  }
});

test('what every object inherits is no type and no category', () => {
  for (const name of [
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '',
    'ai.ca',
    'AI.CA ',
    'AI.XX',
  ]) {
    assert.equal(entityTypeByCode(name), undefined, name);
    assert.equal(isCategory(name), false, name);
  }
  for (const number of [0n, 256n, 267n, -257n, 65793n]) assert.equal(entityTypeByNumber(number), undefined);
  assert.ok(Object.keys(CATEGORIES).every(isCategory));
});

test('a mask has one bit for each type, and gives the types back in order', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ENTITY_TYPES]), (types) => {
      const mask = typeMask([...types, ...types]);
      assert.ok(mask >= 0 && mask < 2 ** 16);
      assert.deepEqual(
        typesOfMask(mask),
        types.toSorted((one, other) => one.bit - other.bit),
      );
    }),
  );
});
