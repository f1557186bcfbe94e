import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Addresses } from './addresses.js';
import { requestFrom } from './request.fixture.js';

const direct = new Addresses([]);
const proxied = new Addresses(['10.0.0.0/8', 'fd00::/8']);

/** A request that came through a proxy of ours, with what it and others wrote into the header. */
const forwarded = (list: string, remote = '10.0.0.1') =>
  proxied.of(requestFrom(remote, { 'x-forwarded-for': list }));

test('an IPv4-mapped IPv6 address counts as the IPv4 address it is', () => {
  assert.equal(direct.of(requestFrom('::ffff:192.0.2.7')), '192.0.2.7');
  assert.equal(direct.of(requestFrom('::ffff:c000:207')), '192.0.2.7');
  assert.equal(direct.of(requestFrom('192.0.2.7')), '192.0.2.7');
});

test('IPv6 counts per /64, however it is written', () => {
  for (const remote of ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:DB8:1:2:0:0:0:9']) {
    assert.equal(direct.of(requestFrom(remote)), '2001:db8:1:2::/64', remote);
  }
  assert.equal(direct.of(requestFrom('2001:db8:1:3::1')), '2001:db8:1:3::/64');
});

test('every IPv6 host of one /64 counts as one, of two /64 as two', () => {
  const group = fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16));
  const half = fc.array(group, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':'));
  fc.assert(
    fc.property(half, half, half, half, (network, other, host, neighbour) => {
      fc.pre(network !== other);
      fc.pre(![network, other].some((prefix) => prefix === '0:0:0:0'));
      const counted = direct.of(requestFrom(`${network}:${host}`));
      assert.equal(direct.of(requestFrom(`${network}:${neighbour}`)), counted);
      assert.notEqual(direct.of(requestFrom(`${other}:${host}`)), counted);
    }),
  );
});

test('without a trusted proxy no forwarded header counts', () => {
  for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip']) {
    assert.equal(direct.of(requestFrom('192.0.2.7', { [header]: '198.51.100.1' })), '192.0.2.7', header);
  }
});

test('a forwarded header of a peer that is no trusted proxy is ignored', () => {
  assert.equal(forwarded('198.51.100.1', '192.0.2.7'), '192.0.2.7');
});

test('behind a trusted proxy the rightmost entry counts, not what the client wrote before it', () => {
  assert.equal(forwarded('198.51.100.1'), '198.51.100.1');
  assert.equal(forwarded('203.0.113.9, 198.51.100.1'), '198.51.100.1');
  assert.equal(forwarded('127.0.0.1, 10.9.9.9, 198.51.100.1'), '198.51.100.1');
});

test('entries of trusted proxies are passed over, up to the first stranger', () => {
  assert.equal(forwarded('203.0.113.9, 198.51.100.1, 10.0.0.2, 10.0.0.3'), '198.51.100.1');
  assert.equal(forwarded('198.51.100.1', '::ffff:10.0.0.1'), '198.51.100.1');
  assert.equal(forwarded('2001:db8::5', 'fd00::1'), '2001:db8::/64');
});

test('a client behind a trusted proxy cannot change what it counts as by any header it writes', () => {
  fc.assert(
    fc.property(fc.string(), (written) => {
      assert.equal(forwarded(`${written}, 198.51.100.1`), '198.51.100.1');
    }),
  );
});

test('an entry with its port counts as the address alone', () => {
  assert.equal(forwarded('198.51.100.1:4711'), '198.51.100.1');
  assert.equal(forwarded('[2001:db8:1:2::7]:4711'), '2001:db8:1:2::/64');
  assert.equal(forwarded('[2001:db8:1:2::7]'), '2001:db8:1:2::/64');
  assert.equal(forwarded('203.0.113.9, 198.51.100.1:80, 10.0.0.2:443, [fd00::1]:443'), '198.51.100.1');
});

test('an entry that is no address counts as the trusted hop that wrote it, never as everybody’s', () => {
  for (const entry of ['nonsense', 'unknown', '198.51.100.1:', '[::1', '999.1.1.1:80'])
    assert.equal(forwarded(`198.51.100.1, ${entry}`), '10.0.0.1', entry);
  assert.equal(forwarded('198.51.100.1, nonsense, 10.0.0.2'), '10.0.0.2');
  assert.equal(forwarded('nonsense', '10.0.0.9'), '10.0.0.9');
});

test('a peer already gone counts as unknown and throws nothing', () => {
  assert.equal(direct.of(requestFrom(undefined)), 'unknown');
  assert.equal(proxied.of(requestFrom(undefined)), 'unknown');
});

test('loopback is this machine dialling without any proxy', () => {
  for (const remote of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])
    assert.equal(direct.isLoopback(requestFrom(remote)), true, remote);
  for (const remote of ['192.0.2.7', '10.0.0.1', '::2', '::ffff:10.0.0.1', undefined])
    assert.equal(direct.isLoopback(requestFrom(remote)), false, remote);
});

test('a forwarded header of any kind, or a configured proxy, ends loopback', () => {
  for (const header of [
    'x-forwarded-for',
    'x-forwarded-host',
    'x-forwarded-proto',
    'forwarded',
    'via',
    'x-real-ip',
  ])
    assert.equal(direct.isLoopback(requestFrom('127.0.0.1', { [header]: '127.0.0.1' })), false, header);
  assert.equal(direct.isLoopback(requestFrom('127.0.0.1', { 'x-forwarded-for': '' })), false);
  assert.equal(new Addresses(['10.0.0.1']).isLoopback(requestFrom('127.0.0.1')), false);
});
