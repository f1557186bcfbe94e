/** What a network sees of an entity that is attested, proves, renews its path and is verified. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EntityIdentity } from '@blindpost/client/identity';
import { freePort } from '@blindpost/testbed/ports';
import { type RecordingProxy, startProxy } from '@blindpost/testbed/proxy';
import { startServer, type TestServer } from '@blindpost/testbed/server';

let proxy: RecordingProxy;
let server: TestServer;
let inputs: { secret: string; salt: string };
let key: string;
let commitment: string;
/** Connections before the attestation was renewed. */
let attesting = 0;

/** All that was sent to the server: start lines, headers and bodies, as they passed. */
const sent = (from = 0) =>
  proxy.recordings.slice(from).flatMap(({ toServer: { messages, rest } }) => {
    const text = messages.map(
      ({ startLine, headers, body }) => `${startLine}\n${JSON.stringify(headers)}\n${body}`,
    );
    return [...text, rest.toString('latin1')];
  });

before(async () => {
  const port = await freePort();
  proxy = await startProxy(`127.0.0.1:${port}`);
  const apiUrl = `http://127.0.0.1:${proxy.port}`;
  server = await startServer({ services: ['identity'], env: { PORT: String(port), ASSETS_URL: apiUrl } });
  const ei = new EntityIdentity({ apiUrl });
  const entity = ei.createEntity();
  const attestation = await ei.requestAttestation({
    commitment: entity.commitment,
    type: 'HU.US',
    attester: 'development',
  });
  const statement = [0x0301, attestation.attestation, attestation.merkleProof, '0', 'x'] as const;
  inputs = entity.generateProofInputs(...statement);
  key = entity.exportSecret();
  commitment = entity.commitment;
  // A connection may be used again: what comes next goes over others.
  proxy.cut();
  attesting = proxy.recordings.length;
  const renewed = await ei.renew(attestation);
  const proof = await entity.prove({ attestation: renewed, contextId: 'privacy' });
  const verdict = await ei.verify(proof, { domain: 'p.example', consume: true });
  assert.ok(verdict.valid, JSON.stringify(verdict));
});
after(async () => {
  // An open proxy would keep this process alive, also when no server came up.
  await proxy.stop();
  await server.stop();
});

/** Every way in which a number may be written down. */
function spellings(number: bigint): string[] {
  const hex = number.toString(16).padStart(64, '0');
  const big = Buffer.from(hex, 'hex');
  const little = Buffer.from(big).reverse();
  const bytes = [big, little].flatMap((each) => [
    each.toString('hex'),
    each.toString('hex').toUpperCase(),
    // Whatever stands before it may shift it against the groups of Base64.
    ...[0, 1, 2].flatMap((shift) => {
      const text = Buffer.concat([Buffer.alloc(shift), each])
        .toString('base64')
        .slice(4, 40);
      return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
    }),
    each.toString('latin1'),
  ]);
  return [number.toString(), number.toString(16), ...bytes];
}

test('neither the secret nor the salt nor their key is sent, in any spelling', () => {
  const all = sent();
  const found = (text: string) => all.some((each) => each.includes(text));
  // The search finds what is there.
  assert.ok(found(commitment));
  for (const number of [BigInt(inputs.secret), BigInt(inputs.salt), BigInt(`0x${key}`)])
    for (const spelling of spellings(number)) assert.ok(!found(spelling), spelling);
});

test('the assets came this way, and the proof was made here', () => {
  const lines = sent().map((text) => text.split('\n')[0]);
  for (const name of ['manifest.json', 'entity_type_proof.wasm', 'entity_type_final.zkey'])
    assert.ok(
      lines.some((line) => line?.startsWith(`GET /assets/${name} `)),
      name,
    );
  assert.ok(!lines.some((line) => line?.includes('/prove ')));
});

test('after the attestation nothing tells which attester it was', () => {
  const later = sent(attesting);
  const lines = later.map((text) => text.split('\n')[0] ?? '').filter((line) => line !== '');
  const paths = lines
    .map((line) => line.split(' ')[1]?.split('?')[0])
    .filter((path) => !path?.startsWith('/assets/'));
  assert.deepEqual(paths.sort(), ['/api/v1/proving/assets', '/api/v1/registry/leaves', '/api/v1/verify']);
  assert.ok(!later.some((text) => text.includes('development') || text.includes('attester')));
});
