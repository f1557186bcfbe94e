import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { toCamel, toSnake } from './case.js';

const name = fc
  .array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 3 })
  .map(([first = '', ...rest]) => first + rest.map((word) => word[0]?.toUpperCase() + word.slice(1)).join(''))
  .filter((text) => text !== 'meta' && text !== 'details');
const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 1, 'some_text', 'someText'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

describe('both spellings of members', () => {
  test('what goes out in snake_case comes in again as it was', () => {
    fc.assert(
      fc.property(json, (value) => {
        assert.deepEqual(toCamel(toSnake(value)), { ok: true, value });
      }),
    );
  });

  test('camelCase is left as it is', () => {
    fc.assert(
      fc.property(json, (value) => {
        const read = toCamel(value);
        assert.ok(read.ok);
        assert.equal(read.value, value);
      }),
    );
  });

  test('meta is left verbatim, in either direction and at any depth', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (meta) => {
        const inside = { some_items: [{ key_id: 1, meta }], meta };
        assert.deepEqual(toCamel(inside), { ok: true, value: { someItems: [{ keyId: 1, meta }], meta } });
        assert.deepEqual(toSnake({ someItems: [{ keyId: 1, meta }], meta }), inside);
      }),
    );
  });

  test('a member in both spellings is refused by its name, in either order and at any depth', () => {
    for (const body of [
      { recipientId: 1, recipient_id: 1 },
      { recipient_id: 1, recipientId: 2 },
      { items: [{}, { recipientId: 1, recipient_id: 1 }] },
    ]) {
      const read = toCamel(body);
      assert.ok(!read.ok);
      assert.deepEqual([read.code, read.details], ['invalid_request', { field: 'recipientId' }]);
    }
  });

  test('values are not members: texts and list items keep their underscores', () => {
    assert.deepEqual(toCamel({ some_ids: ['a_b', { c_d: 'e_f' }] }), {
      ok: true,
      value: { someIds: ['a_b', { cD: 'e_f' }] },
    });
    for (const value of [null, 'a_b', 1, true]) assert.deepEqual(toCamel(value), { ok: true, value });
  });

  test('the field that a refusal names is spelled as the rest', () => {
    const body = { error: 'queue_full', details: { field: 'items.3.recipientId', retryAfter: 1 } };
    assert.deepEqual(toSnake(body), {
      error: 'queue_full',
      details: { field: 'items.3.recipient_id', retry_after: 1 },
    });
    assert.deepEqual(toSnake({ details: { field: 3 } }), { details: { field: 3 } });
  });

  test('whatever is parsed from JSON is spelled without a throw, and nobody gets another prototype', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        toCamel(JSON.parse(text));
        toSnake(JSON.parse(text));
      }),
    );
    const read = toCamel(JSON.parse('{"__proto__": {"a_b": 1}, "c_d": 1}'));
    assert.ok(!read.ok || !('aB' in Object(read.value)));
  });
});
