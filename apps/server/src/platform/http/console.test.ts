import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import Fastify from 'fastify';
import { mountConsole } from './console.js';
import type { HttpApp } from './http.js';

const PAGE = `<!doctype html>${'<p>here</p>'.repeat(100)}`;
const SCRIPT = 'export const here = true;'.repeat(100);

let folder: string;
let built: HttpApp;
let missing: HttpApp;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'blindpost-site-'));
  await mkdir(join(folder, 'site/console'), { recursive: true });
  await writeFile(join(folder, 'site/index.html'), PAGE);
  await writeFile(join(folder, 'site/console/index-abc.js'), SCRIPT);
  await writeFile(join(folder, 'site/console/notes.txt'), 'not for everybody');
  await writeFile(join(folder, 'secret.js'), 'not for anybody');
  built = await console('site/index.html');
  missing = await console('elsewhere/index.html');
});
after(() => rm(folder, { recursive: true, force: true }));

async function console(page: string): Promise<HttpApp> {
  const app: HttpApp = Fastify();
  await mountConsole(app, pathToFileURL(join(folder, page)));
  return app;
}

test('the page is never kept without asking, its files for good', async () => {
  const page = await built.inject('/');
  assert.equal(page.payload, PAGE);
  assert.equal(page.headers['cache-control'], 'no-cache');
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  const script = await built.inject('/console/index-abc.js');
  assert.equal(script.payload, SCRIPT);
  assert.match(String(script.headers['cache-control']), /immutable/);
  assert.equal(script.headers['content-type'], 'text/javascript; charset=utf-8');
});

test('each answer is compressed as the client allows, and not sent twice', async () => {
  for (const [encoding, read] of [
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const) {
    const headers = { 'accept-encoding': encoding };
    const answer = await built.inject({ url: '/', headers });
    assert.equal(answer.headers['content-encoding'], encoding);
    assert.equal(String(read(answer.rawPayload)), PAGE);
    const again = await built.inject({
      url: '/',
      headers: { ...headers, 'if-none-match': String(answer.headers.etag) },
    });
    assert.deepEqual([again.statusCode, again.payload], [304, '']);
  }
});

test('page and files carry the policy: a worker obeys that of its own script', async () => {
  for (const url of ['/', '/console/index-abc.js']) {
    const policy = String((await built.inject(url)).headers['content-security-policy']);
    assert.match(policy, /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/);
    assert.match(policy, /frame-ancestors 'none'$/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|https?:|\*/);
  }
});

test('only what the build made is served, by its exact name', async () => {
  for (const name of [
    'notes.txt',
    'nothing.js',
    '',
    '..%2Findex.html',
    '..%2F..%2Fsecret.js',
    '%2E%2E%2F..%2Fsecret.js',
    'console%2Findex-abc.js',
    'constructor',
  ]) {
    const answer = await built.inject(`/console/${name}`);
    assert.equal(answer.statusCode, 404, name);
    assert.equal(answer.json().error, 'not_found', name);
  }
});

test('where nothing was built the answer says how to build it', async () => {
  for (const url of ['/', '/console/index-abc.js']) {
    const answer = await missing.inject(url);
    assert.equal(answer.statusCode, 404);
    assert.match(answer.json().message, /npm run build/);
  }
});
