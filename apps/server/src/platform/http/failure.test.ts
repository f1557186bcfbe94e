import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../unavailable.js';
import { PLATFORM_FAILURES, refusalOf, SchemaRefusal } from './failure.js';

/** An error as the framework throws it. */
const thrown = (statusCode: number) => Object.assign(new Error('secret detail'), { statusCode });

test('a store that is away is 503 with a time to wait', () => {
  const refusal = refusalOf(new Unavailable('the store'), PLATFORM_FAILURES);
  assert.equal(refusal?.code, 'unavailable');
  assert.ok((refusal?.details.retryAfter ?? 0) > 0);
});

test('a schema fault is malformed and names the member', () => {
  const fault = { keyword: 'type', instancePath: '/preKeys/3/id', params: {}, message: 'must be integer' };
  const refusal = refusalOf(new SchemaRefusal([fault]), PLATFORM_FAILURES);
  assert.equal(refusal?.code, 'invalid_request');
  assert.equal(refusal?.details.field, 'preKeys.3.id');
  assert.match(refusal?.message ?? '', /^preKeys\.3\.id must be integer/);
});

test('what the framework refuses becomes our code of the same status', () => {
  assert.equal(refusalOf(thrown(413), PLATFORM_FAILURES)?.code, 'payload_too_large');
  assert.equal(refusalOf(thrown(415), PLATFORM_FAILURES)?.code, 'unsupported_media_type');
  assert.equal(refusalOf(thrown(400), PLATFORM_FAILURES)?.code, 'invalid_request');
});

test('everything else is our own fault, not the client’s', () => {
  for (const error of [new Error('x'), thrown(500), thrown(302), 'a string', undefined, { statusCode: 400 }])
    assert.equal(refusalOf(error, PLATFORM_FAILURES), null);
});

test('no refusal repeats what the thrown error said', () => {
  for (const status of [400, 413, 415])
    assert.doesNotMatch(JSON.stringify(refusalOf(thrown(status), PLATFORM_FAILURES)), /secret detail/);
});

test('a service answers with its own codes', () => {
  const codes = { ...PLATFORM_FAILURES, malformed: 'ERR_MALFORMED', unavailable: 'ERR_UNAVAILABLE' } as const;
  assert.equal(refusalOf(thrown(400), codes)?.code, 'ERR_MALFORMED');
  assert.equal(refusalOf(new Unavailable('x'), codes)?.code, 'ERR_UNAVAILABLE');
});
