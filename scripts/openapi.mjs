/** `npm run openapi`: writes `docs/openapi.json` as the server describes itself. A test holds the two together. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from './build.mjs';
import { ROOT } from './root.mjs';

build();
const data = mkdtempSync(join(tmpdir(), 'blindpost-openapi-'));
const server = spawn(process.execPath, [join(ROOT, 'apps/cli/bin/blindpost.js'), 'serve'], {
  env: { ...process.env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: data, LOG_LEVEL: 'error' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = await once(server.stdout, 'data');
const url = /http:\S+/.exec(String(line))?.[0];
const description = await (await fetch(`${url}/openapi.json`)).json();
const page = join(ROOT, 'docs/openapi.json');
writeFileSync(page, JSON.stringify(description));
spawnSync(process.execPath, [join(ROOT, 'node_modules/@biomejs/biome/bin/biome'), 'format', '--write', page]);
server.kill('SIGTERM');
await once(server, 'exit');
rmSync(data, { recursive: true });
