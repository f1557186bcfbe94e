/** The README's quickstart in a browser: bundled as any application is, on a page of another origin than the server. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ChromiumBrowser, chromiumMissing, startChromium } from '@blindpost/testbed/chromium';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const ADDRESS = 'http://127.0.0.1:8080';
/** Of the runner's five minutes. */
const PATIENCE_MS = 200_000;
const LINES = /^Ben reads: hello, Ben\nwon a round of [A-Z0-9_]+\nproven: AI\.CA$/;

describe('the quickstart in a browser', { skip: await chromiumMissing() }, () => {
  let folder: string;
  let site: Server;
  let origin: string;
  let server: TestServer;
  let chromium: ChromiumBrowser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blindpost-quickstart-'));
    site = createServer((request, response) => {
      const name = new URL(request.url ?? '/', origin).pathname.replace(/^\/$/, '/index.html');
      const types: Record<string, string> = {
        '.html': 'text/html',
        '.js': 'text/javascript',
        '.wasm': 'application/wasm',
      };
      readFile(join(folder, 'site', name)).then(
        (bytes) =>
          response.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'text/plain' }).end(bytes),
        () => response.writeHead(404).end(),
      );
    });
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
    const bound = site.address();
    assert.ok(typeof bound === 'object' && bound !== null);
    origin = `http://127.0.0.1:${bound.port}`;
    [server, chromium] = await Promise.all([
      startServer({ services: ['relay', 'pool', 'identity'], env: { CORS_ORIGINS: origin } }),
      startChromium(),
    ]);
  });

  after(async () => {
    await chromium.stop();
    await server.stop();
    site.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('it writes, mines and proves as it does in Node', async () => {
    const readme = await readFile(join(ROOT, 'README.md'), 'utf8');
    const program = /^```js quickstart\.mjs\n([\s\S]*?)^```/m.exec(readme)?.[1];
    assert.ok(program !== undefined);
    assert.notEqual(program.replace(ADDRESS, server.url), program);
    await writeFile(join(folder, 'quickstart.mjs'), program.replace(ADDRESS, server.url));
    await writeFile(
      join(folder, 'index.html'),
      '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/quickstart.mjs"></script>',
    );
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await build({
      root: folder,
      logLevel: 'warn',
      worker: { format: 'es' },
      build: { outDir: 'site', target: 'es2023' },
    });

    const page = await chromium.browser.newPage();
    const lines: string[] = [];
    const faults: string[] = [];
    const over = new Promise<void>((resolve) => {
      page.on('console', (message) => {
        (message.type() === 'log' ? lines : faults).push(message.text());
        if (lines.length === 3 || faults.length > 0) resolve();
      });
      page.on('pageerror', (error) => {
        faults.push(error.stack ?? error.message);
        resolve();
      });
      setTimeout(resolve, PATIENCE_MS).unref();
    });
    await page.goto(origin);
    await over;
    await page.close();
    assert.deepEqual(faults, []);
    assert.match(lines.join('\n'), LINES);
  });
});
