import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ProvingAssets } from '@blindpost/protocol/identity';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { type WireAnswer, wireRequest } from '@blindpost/testbed/wire-http';
import { ARTEFACT_NAMES, circuitHash, type Manifest } from '@blindpost/zk/artefacts';
import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { assertOk, assertRefused } from '../relay/answers.js';

describe('proving assets', () => {
  let server: TestServer;
  let manifest: Manifest;
  before(async () => {
    server = await startServer({ services: ['identity'] });
    manifest = await loadManifest();
  });
  after(() => server.stop());

  async function described(headers: Record<string, string> = {}, url = server.url) {
    return assertOk(await wireRequest(`${url}/api/v1/proving/assets`, { headers }), ProvingAssets);
  }

  function fetched(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<WireAnswer> {
    return wireRequest(url, { headers, method });
  }

  test('the answer names the circuit by what its key says, and addresses by the listener', async () => {
    const answer = await described();
    assert.equal(answer.circuit, 'entity_type_proof');
    assert.equal(answer.merkleDepth, 20);
    assert.match(answer.circuitHash, /^[0-9a-f]{8}( [0-9a-f]{8}){3}$/);
    assert.equal(answer.circuitHash, circuitHash(await loadArtefact('zkey', manifest)));
    assert.equal(answer.development, manifest.ceremony !== 'public');
    assert.deepEqual(answer.assets, {
      wasm: `${server.url}/assets/entity_type_proof.wasm`,
      zkey: `${server.url}/assets/entity_type_final.zkey`,
      verificationKey: `${server.url}/assets/verification_key.json`,
      manifest: `${server.url}/assets/manifest.json`,
    });
  });

  test('no header of a request changes where assets are said to be', async () => {
    const expected = await described();
    const { port } = new URL(server.url);
    for (const headers of [
      { 'x-forwarded-host': 'evil.example' },
      { 'x-forwarded-proto': 'https' },
      { forwarded: 'host=evil.example;proto=https' },
      { host: `localhost:${port}` },
      { host: '127.0.0.1:1' },
    ] as Record<string, string>[]) {
      assert.deepEqual(await described(headers), expected);
    }
  });

  test('every asset is what the manifest says, in every encoding, compressed once and kept by caches', async () => {
    const { assets } = await described();
    for (const name of ARTEFACT_NAMES) {
      const { sha256, bytes } = manifest.files[name];
      const url = assets[name];
      const tags = new Set<unknown>();
      for (const [accepted, encoding, decode] of [
        [undefined, undefined, (raw: Buffer) => raw],
        ['gzip', 'gzip', gunzipSync],
        ['gzip, deflate, br', 'br', brotliDecompressSync],
        ['br;q=0, gzip', 'gzip', gunzipSync],
        ['identity', undefined, (raw: Buffer) => raw],
        ['br;q=0, *;q=0', undefined, (raw: Buffer) => raw],
      ] as const) {
        const answer = await fetched(url, accepted === undefined ? {} : { 'accept-encoding': accepted });
        assert.equal(answer.status, 200);
        assert.equal(answer.headers['content-encoding'], encoding, accepted);
        assert.equal(answer.headers['cache-control'], 'public, max-age=31536000, immutable');
        assert.match(String(answer.headers.vary), /accept-encoding/i);
        const body = decode(answer.raw);
        assert.equal(body.length, bytes);
        assert.equal(createHash('sha256').update(body).digest('hex'), sha256);
        if (encoding !== undefined) assert.ok(answer.raw.length < bytes);
        tags.add(answer.headers.etag);
      }
      assert.equal(tags.size, 3, 'a tag for each representation');
    }
    const type = async (name: keyof typeof assets) => (await fetched(assets[name])).headers['content-type'];
    assert.equal(await type('wasm'), 'application/wasm');
    assert.equal(await type('zkey'), 'application/octet-stream');
    assert.match(String(await type('verificationKey')), /^application\/json/);
  });

  test('what a client has already is not sent again, and HEAD sends none', async () => {
    const { assets } = await described();
    const first = await fetched(assets.verificationKey);
    const etag = String(first.headers.etag);
    for (const known of [etag, `"other", W/${etag}`]) {
      const again = await fetched(assets.verificationKey, { 'if-none-match': known });
      assert.equal(again.status, 304);
      assert.equal(again.raw.length, 0);
    }
    const other = await fetched(assets.verificationKey, { 'if-none-match': etag, 'accept-encoding': 'br' });
    assert.equal(other.status, 200);
    const head = await fetched(assets.wasm, {}, 'HEAD');
    assert.equal(head.status, 200);
    assert.equal(head.raw.length, 0);
    assert.equal(Number(head.headers['content-length']), manifest.files.wasm.bytes);
  });

  test('the manifest may be asked for again and again', async () => {
    const { assets } = await described();
    const answer = await fetched(assets.manifest);
    assert.equal(answer.headers['cache-control'], 'no-cache');
    assert.deepEqual(JSON.parse(answer.raw.toString()), JSON.parse(JSON.stringify(manifest)));
  });

  test('there is nothing else below /assets', async () => {
    for (const path of [
      'nothing',
      '',
      '%2e%2e%2fpackage.json',
      '../package.json',
      'entity_type_proof.wasm/',
      'transcript.json',
      'constructor',
      'ENTITY_TYPE_PROOF.WASM',
    ]) {
      assertRefused(await fetched(`${server.url}/assets/${path}`), 404, 'not_found');
    }
  });

  test('ASSETS_URL wins over PUBLIC_URL, which wins over the listener', async () => {
    const PUBLIC_URL = 'https://identity.example/';
    const ASSETS_URL = 'https://cdn.example/';
    for (const [env, base] of [
      [{ PUBLIC_URL }, 'https://identity.example'],
      [{ PUBLIC_URL, ASSETS_URL }, 'https://cdn.example'],
    ] as const) {
      const other = await startServer({ services: ['identity'], env });
      try {
        const { assets } = await described({}, other.url);
        assert.equal(assets.wasm, `${base}/assets/entity_type_proof.wasm`);
      } finally {
        await other.stop();
      }
    }
  });
});
