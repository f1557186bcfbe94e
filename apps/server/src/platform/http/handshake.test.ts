import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handshakeFault } from './handshake.js';
import { requestFrom } from './request.fixture.js';

const GOOD = {
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
};

function fault(headers: Record<string, string>, method = 'GET'): string | null {
  return handshakeFault(Object.assign(requestFrom('192.0.2.7', headers), { method }));
}

test('the handshake of RFC 6455 passes, however the upgrade is spelled', () => {
  assert.equal(fault(GOOD), null);
  assert.equal(fault({ ...GOOD, upgrade: 'WebSocket' }), null);
});

test('what is no handshake is told by the part at fault', () => {
  assert.equal(fault(GOOD, 'POST'), 'method');
  for (const upgrade of ['h2c', '', 'websocket, h2c'])
    assert.equal(fault({ ...GOOD, upgrade }), 'upgrade', upgrade);
  for (const key of ['', 'c2hvcnQ=', 'dGhlIHNhbXBsZSBub25jZQ', 'dGhlIHNhbXBsZSBub25jZ!==', 'A'.repeat(24)])
    assert.equal(fault({ ...GOOD, 'sec-websocket-key': key }), 'sec-websocket-key', key);
  for (const version of ['', '8', '12', '14', '013', '13, 8'])
    assert.equal(fault({ ...GOOD, 'sec-websocket-version': version }), 'sec-websocket-version', version);
  const { 'sec-websocket-key': _, ...keyless } = GOOD;
  assert.equal(fault(keyless), 'sec-websocket-key');
});
