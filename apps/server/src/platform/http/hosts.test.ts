import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hosts } from './hosts.js';

const local = new Hosts(undefined);
const open = new Hosts('https://relay.example');
const HERE = 'localhost:8080';

test('loopback hosts are always ours, on any port', () => {
  for (const host of ['localhost', HERE, '127.0.0.1:1', '[::1]:8080', '[::1]', 'LocalHost']) {
    assert.equal(local.accepts(host), true, host);
    assert.equal(open.accepts(host), true, host);
  }
});

test('a foreign host is refused: it is the mark of DNS rebinding', () => {
  for (const host of [
    'evil.example',
    'localhost.evil.example',
    'localhost@evil.example',
    '10.0.0.1',
    '0.0.0.0',
  ])
    assert.equal(local.accepts(host), false, host);
  assert.equal(local.accepts('relay.example'), false);
});

test('the host of the public URL is ours, with a port or without, and none that merely looks like it', () => {
  for (const host of ['relay.example', 'relay.example:443', 'RELAY.example'])
    assert.equal(open.accepts(host), true, host);
  for (const host of ['relay.example.evil.example', 'evilrelay.example', 'x.relay.example'])
    assert.equal(open.accepts(host), false, host);
});

test('what is no host is refused', () => {
  for (const host of [undefined, '', ' ', ':80', 'a b', 'localhost:x', 'localhost:99999', '[::1', '#'])
    assert.equal(local.accepts(host), false, host);
});

test('a host with a user, a path or a query before or behind it is no host', () => {
  for (const host of ['evil@localhost', 'localhost/evil', 'localhost?evil', 'localhost#evil'])
    assert.equal(local.accepts(host), false, host);
});

test('the public URL’s host is our own, its standard port spelled or left out, and on no other port', () => {
  for (const host of ['relay.example', 'relay.example:443', 'RELAY.example'])
    assert.equal(open.isOwn(host, false), true, host);
  for (const host of ['relay.example:80', 'relay.example:8443', 'x.relay.example', 'evil@relay.example', ''])
    assert.equal(open.isOwn(host, true), false, host);
  const plain = new Hosts('http://relay.example:8080');
  assert.equal(plain.isOwn('relay.example:8080', false), true);
  for (const host of ['relay.example', 'relay.example:80', 'relay.example:8081'])
    assert.equal(plain.isOwn(host, true), false, host);
});

test('a loopback host is our own only for this machine, and no host never', () => {
  for (const host of ['localhost', HERE, '127.0.0.1:1', '[::1]:8080']) {
    for (const hosts of [local, open]) {
      assert.equal(hosts.isOwn(host, true), true, host);
      assert.equal(hosts.isOwn(host, false), false, host);
    }
  }
  for (const host of [undefined, '', 'evil.example', 'localhost@evil.example', 'localhost/x'])
    assert.equal(local.isOwn(host, true), false, host);
});

test('no origin means no browser, and passes', () => {
  assert.equal(local.acceptsOrigin(undefined, HERE, []), true);
});

test('the page’s own host and the public URL pass as origins', () => {
  assert.equal(local.acceptsOrigin('http://localhost:8080', HERE, []), true);
  assert.equal(open.acceptsOrigin('https://relay.example', HERE, []), true);
});

test('a foreign origin is refused unless it is allowed: it is the mark of cross-site hijacking', () => {
  const app = 'https://app.example';
  assert.equal(local.acceptsOrigin(app, HERE, []), false);
  assert.equal(local.acceptsOrigin(app, HERE, [app]), true);
  for (const origin of ['https://app.example.evil', 'http://app.example', 'https://app.example:444'])
    assert.equal(local.acceptsOrigin(origin, HERE, [app]), false, origin);
});

test('another port of the same host is another origin', () => {
  assert.equal(local.acceptsOrigin('http://localhost:3000', HERE, []), false);
  assert.equal(open.acceptsOrigin('http://relay.example', HERE, []), false);
});

test('null and nonsense are no origins', () => {
  for (const origin of ['null', '', 'file://', 'localhost:8080', '*'])
    assert.equal(open.acceptsOrigin(origin, HERE, []), false, origin);
});
