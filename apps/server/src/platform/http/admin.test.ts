import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Limits } from '../admission/limits.js';
import { ManualClock } from '../clock.manual.js';
import { MemoryVolatile } from '../volatile/memory.js';
import { Addresses } from './addresses.js';
import { Admin } from './admin.js';
import { requestFrom } from './request.fixture.js';

const KEY = 'the key of the administrator, 32 or more';
const WRONG = { 'x-admin-token': 'wrong' };

function bench() {
  const clock = new ManualClock();
  const limits = new Limits(new MemoryVolatile(clock), (address) => address, 0, 'rate_limit_exceeded');
  return { clock, admin: new Admin(KEY, limits, new Addresses([])) };
}

test('the key passes in either header', async () => {
  const { admin } = bench();
  const passes = [
    { authorization: `Bearer ${KEY}` },
    { authorization: `bearer ${KEY}` },
    { 'x-admin-token': KEY },
  ];
  for (const headers of passes)
    assert.equal(await admin.authorise(requestFrom('192.0.2.7', headers)), null, JSON.stringify(headers));
});

test('no key, half a key, more than the key and the key in another scheme are unauthorized alike', async () => {
  const { admin } = bench();
  const fails = [
    {},
    { authorization: KEY },
    { authorization: `Basic ${KEY}` },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${KEY} ` },
    { authorization: `Bearer ${KEY.slice(0, -1)}` },
    { 'x-admin-token': '' },
    { 'x-admin-token': KEY.toUpperCase() },
  ];
  const refusals = await Promise.all(
    fails.map((headers) => admin.authorise(requestFrom('192.0.2.7', headers))),
  );
  for (const refusal of refusals) {
    assert.equal(refusal?.code, 'unauthorized');
    assert.deepEqual(refusal, refusals[0]);
  }
});

test('after 10 wrong keys in a minute an address waits, and another does not', async () => {
  const { admin, clock } = bench();
  const guess = (remote: string) => admin.authorise(requestFrom(remote, WRONG));
  for (let tries = 0; tries < 10; tries++) assert.equal((await guess('192.0.2.7'))?.code, 'unauthorized');
  const limited = await guess('192.0.2.7');
  assert.equal(limited?.code, 'rate_limit_exceeded');
  assert.ok((limited?.details.retryAfter ?? 0) > 0);
  assert.equal((await guess('192.0.2.8'))?.code, 'unauthorized');
  clock.advance(60_000);
  assert.equal((await guess('192.0.2.7'))?.code, 'unauthorized');
});

test('asking without a key costs no attempt', async () => {
  const { admin } = bench();
  for (let tries = 0; tries < 50; tries++)
    assert.equal((await admin.authorise(requestFrom('192.0.2.7')))?.code, 'unauthorized');
  assert.equal((await admin.authorise(requestFrom('192.0.2.7', WRONG)))?.code, 'unauthorized');
});

test('this machine needs no key for what only counts, others do', async () => {
  const { admin } = bench();
  assert.equal(await admin.authoriseLocal(requestFrom('127.0.0.1')), null);
  assert.equal((await admin.authoriseLocal(requestFrom('192.0.2.7')))?.code, 'unauthorized');
  assert.equal(await admin.authoriseLocal(requestFrom('192.0.2.7', { 'x-admin-token': KEY })), null);
  const behindProxy = requestFrom('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' });
  assert.equal((await admin.authoriseLocal(behindProxy))?.code, 'unauthorized');
  assert.equal((await admin.authorise(requestFrom('127.0.0.1')))?.code, 'unauthorized');
});
