/** Every route of the service with a request that it takes. */
import { randomUUID } from 'node:crypto';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { bytes, message } from './messages.js';

export interface Route {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
}

/** Each route once, asked of `peer`; `envelope` is one that waits for whoever asks, or any id. */
export function routesTo(peer: Pick<E2eeWire, 'id'>, envelope: string = randomUUID()): Route[] {
  return [
    { method: 'GET', path: '/keys/me' },
    { method: 'GET', path: '/keys/status' },
    { method: 'GET', path: `/keys/${peer.id}/bundle` },
    { method: 'GET', path: '/messages/pending' },
    { method: 'POST', path: `/keys/${peer.id}/claim` },
    { method: 'POST', path: '/keys/upload', body: makeE2eeUpload(2) },
    { method: 'POST', path: `/sessions/${peer.id}`, body: { hint: 'x3dh-v1' } },
    { method: 'POST', path: '/messages', body: message(peer.id) },
    { method: 'POST', path: `/messages/${envelope}/ack` },
    { method: 'POST', path: '/messages/ack', body: { upTo: Number.MAX_SAFE_INTEGER } },
    {
      method: 'POST',
      path: '/groups/sender-key/distribute',
      body: { groupId: 'g', items: [{ recipientId: peer.id, ciphertext: bytes(8) }] },
    },
  ];
}

/** Asks the route. */
export function ask(person: Pick<E2eeWire, 'request'>, { method, path, body }: Route, headers = {}) {
  const typed = body === undefined ? {} : { 'content-type': 'application/json' };
  return person.request(`/api/e2ee${path}`, {
    method,
    headers: { ...typed, ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
