import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { MAX_META, MAX_META_DEPTH } from '@blindpost/protocol/e2ee';
import fc from 'fast-check';
import { readAll, readBytes, readMeta, readOptionalBytes, readText, readTime } from './read.js';
import { optionalMeta, optionalText } from './write.js';

const refusedAs = (read: { ok: boolean } & object) => ('code' in read ? read.code : 'read');

describe('members of a request', () => {
  test('bytes are read from the one Base64 there is of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
        const read = readBytes(Buffer.from(bytes).toString('base64'), 'f', 200);
        assert.ok(read.ok);
        assert.deepEqual(Uint8Array.from(read.value), Uint8Array.from(bytes));
      }),
    );
  });

  test('any other text is refused, or is that spelling', () => {
    const wild = fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^[A-Za-z0-9+/=_-]{0,12}$/));
    fc.assert(
      fc.property(wild, (text) => {
        const read = readBytes(text, 'f', 100);
        if (read.ok) assert.equal(read.value.toString('base64'), text);
        else assert.deepEqual([read.code, read.details], ['invalid_request', { field: 'f' }]);
      }),
    );
    for (const text of ['', 'AA', 'AA=', 'AB==', 'A===', '-_-_', 'AAA A', 'AAAA\n', '====', 'AA==AA==']) {
      assert.equal(refusedAs(readBytes(text, 'f', 100)), 'invalid_request', text);
    }
  });

  test('as many bytes as may be are read, and one more is too large', () => {
    const text = (length: number) => Buffer.alloc(length, 1).toString('base64');
    assert.equal(readBytes(text(10), 'f', 10).ok, true);
    assert.equal(refusedAs(readBytes(text(11), 'f', 10)), 'invalid_request');
    assert.equal(refusedAs(readBytes(text(11), 'f', 10, 'payload_too_large')), 'payload_too_large');
  });

  test('optional bytes may be absent, null or empty, and are not the same', () => {
    for (const absent of [undefined, null]) {
      assert.deepEqual(readOptionalBytes(absent, 'f', 1), { ok: true, value: null });
    }
    assert.deepEqual(readOptionalBytes('', 'f', 1), { ok: true, value: Buffer.alloc(0) });
    assert.equal(refusedAs(readOptionalBytes('A', 'f', 1)), 'invalid_request');
  });

  test('well-formed text comes back as it was, NUL and all; half a character is refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const read = readText(text, 'f');
        assert.ok(read.ok);
        assert.equal(optionalText(read.value), text);
      }),
    );
    for (const text of ['\ud800', 'a\udc00b', '\udc00\ud800']) {
      assert.equal(refusedAs(readText(text, 'f')), 'invalid_request');
    }
    assert.deepEqual(readText(null, 'f'), { ok: true, value: null });
  });

  test('a text that begins with a byte order mark comes back with it', () => {
    const read = readText('\ufeffa', 'f');
    assert.ok(read.ok);
    assert.equal(optionalText(read.value), '\ufeffa');
  });

  test('meta comes back as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 4 }), (meta) => {
        const plain: Record<string, unknown> = JSON.parse(JSON.stringify(meta));
        const read = readMeta(plain, 'f');
        assert.ok(read.ok);
        assert.deepEqual(optionalMeta(read.value), plain);
      }),
    );
  });

  test('meta has its bounds: bytes and depth', () => {
    const sized = (length: number) => ({ a: 'x'.repeat(length - '{"a":""}'.length) });
    assert.equal(readMeta(sized(MAX_META), 'f').ok, true);
    assert.equal(refusedAs(readMeta(sized(MAX_META + 1), 'f')), 'invalid_request');
    const deep = (levels: number): object => (levels === 1 ? {} : { a: deep(levels - 1) });
    assert.equal(readMeta(deep(MAX_META_DEPTH), 'f').ok, true);
    assert.equal(refusedAs(readMeta(deep(MAX_META_DEPTH + 1), 'f')), 'invalid_request');
  });

  test('a time is read, and what is none is refused by its name', () => {
    assert.deepEqual(readTime('1970-01-01T00:00:01Z', 'f'), { ok: true, value: 1_000 });
    assert.deepEqual(readTime(undefined, 'f'), { ok: true, value: null });
    const read = readTime('tomorrow', 'expiresAt');
    assert.ok(!read.ok);
    assert.deepEqual(read.details, { field: 'expiresAt' });
  });

  test('of several members all are read, or the first that says nothing is the refusal', () => {
    const [one, two] = [readText('x', 'one'), readText('\ud800', 'two')];
    assert.ok(one.ok && !two.ok);
    assert.deepEqual(readAll({ one, again: one }), { ok: true, value: { one: one.value, again: one.value } });
    assert.equal(readAll({ one, two, three: readBytes('', 'three', 1) }), two);
  });
});
