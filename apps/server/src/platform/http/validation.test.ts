import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import Type from 'typebox';
import { SchemaRefusal } from './failure.js';
import { validatorCompiler } from './validation.js';

const validate = validatorCompiler({
  schema: Type.Object({ count: Type.Integer(), note: Type.Optional(Type.String({ default: 'none' })) }),
  method: 'POST',
  url: '/',
});

test('nothing is coerced: true is not 1, and "1" is not either', async () => {
  for (const count of [true, '1', [1], null, 1.5]) {
    const result = await validate({ count });
    assert.ok(result instanceof Object && 'error' in result && result.error instanceof SchemaRefusal);
  }
});

test('nothing is added and nothing dropped: what passes is the very value that came', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer(), (extra, count) => {
      const { note: _note, ...others } = extra;
      const value = { ...others, count };
      const before = structuredClone(value);
      const result = validate(value);
      assert.ok(result instanceof Object && 'value' in result);
      assert.equal(result.value, value);
      assert.deepEqual(value, before);
    }),
  );
});
