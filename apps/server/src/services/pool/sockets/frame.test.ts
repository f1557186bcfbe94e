import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFrame } from './frame.js';

const read = (value: unknown) => decodeFrame(Buffer.from(JSON.stringify(value)), false);

test('both frames are read as they are', () => {
  for (const frame of [
    { type: 'auth', token: 'any text' },
    { type: 'hashrate', hps: 0.5, track: 'CHAIN' },
  ])
    assert.deepEqual(read(frame), { ok: true, frame });
});

test('a refusal names the wrong member', () => {
  for (const [frame, field] of [
    [{ type: 'auth' }, 'token'],
    [{ type: 'auth', token: 1 }, 'token'],
    [{ type: 'hashrate', hps: -1, track: 'CHAIN' }, 'hps'],
    [{ type: 'hashrate', hps: '5', track: 'CHAIN' }, 'hps'],
    [{ type: 'hashrate', hps: 5 }, 'track'],
    [{ type: 'hashrate', hps: 5, track: 'NONE' }, 'track'],
    [{ type: 'secret' }, 'type'],
    [{}, 'type'],
  ] as const) {
    const refused = read(frame);
    assert.equal(refused.ok, false);
    assert.equal(!refused.ok && refused.details.field, field, JSON.stringify(frame));
  }
});

test('bytes, and texts that are no JSON, are refused', () => {
  assert.equal(decodeFrame(Buffer.from('{"type":"auth","token":"x"}'), true).ok, false);
  for (const text of ['', '{', 'auth', '\0']) assert.equal(decodeFrame(Buffer.from(text), false).ok, false);
});

test('any JSON value is answered with a frame or a refusal', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => typeof read(value).ok === 'boolean'));
});
