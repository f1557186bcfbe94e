import assert from 'node:assert/strict';
import { test } from 'node:test';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import { firstFault } from './fault.js';

const Order = Type.Object({
  name: Type.String({ maxLength: 3 }),
  count: Type.Optional(Type.Union([Type.Integer(), Type.String({ pattern: '^[0-9]+$' })])),
  parts: Type.Optional(Type.Array(Type.Object({ id: Type.Integer() }), { maxItems: 2 })),
  'a/b~c': Type.Optional(Type.Boolean()),
});
const validator = Compile(Order);

/** The field that an order is refused for. */
function faultOf(value: unknown): string {
  assert.equal(validator.Check(value), false);
  const { field, message } = firstFault(validator.Errors(value));
  assert.notEqual(message, '');
  return field;
}

test('a wrong member is named', () => {
  assert.equal(faultOf({ name: 1 }), 'name');
  assert.equal(faultOf({ name: 'long' }), 'name');
});

test('a missing member is named, though it has no place in the value', () => {
  assert.equal(faultOf({}), 'name');
  assert.equal(faultOf({ name: 'a', parts: [{ id: 1 }, {}] }), 'parts.1.id');
});

test('a nested member is named by its dotted path', () => {
  assert.equal(faultOf({ name: 'a', parts: [{ id: 1 }, { id: 'x' }] }), 'parts.1.id');
});

test('a member that fits no arm of a union is named once, by itself', () => {
  assert.equal(faultOf({ name: 'a', count: true }), 'count');
  assert.equal(faultOf({ name: 'a', count: 'x' }), 'count');
});

test('a member whose name holds the signs of a JSON Pointer is named as it is written (RFC 6901)', () => {
  assert.equal(faultOf({ name: 'a', 'a/b~c': 1 }), 'a/b~c');
});

test('a member that is not known is named where nothing else may stand', () => {
  const strict = Compile(Type.Object({ inner: Type.Object({}, { additionalProperties: false }) }));
  const { field } = firstFault(strict.Errors({ inner: { extra: 1 } }));
  assert.equal(field, 'inner.extra');
});

test('a value that is no object at all is called body', () => {
  for (const value of [undefined, null, 1, 'x', []]) assert.equal(faultOf(value), 'body');
});

test('no fault at all still names something', () => {
  assert.deepEqual(firstFault([]), { field: 'body', message: 'is invalid' });
});

test('a field is never longer than 256 characters', () => {
  const fault = { keyword: 'type', instancePath: `/${'x'.repeat(9_000)}`, params: {}, message: 'is wrong' };
  assert.equal(firstFault([fault]).field.length, 256);
});
