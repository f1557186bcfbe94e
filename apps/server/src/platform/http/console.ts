import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { refuse } from '@blindpost/protocol/errors';
import Type from 'typebox';
import { Asset } from './asset.js';
import type { HttpApp } from './http.js';
import { sendRefusal } from './reply.js';
import { sendAsset } from './send-asset.js';

/** What a bundle is made of; a file of another kind is not served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/**
 * What the console's pages and workers may do: run what comes from here, and speak to this server. A worker obeys
 * the policy of its own script's answer, so that every file carries it.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  // The prover's library starts its workers from blobs.
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const NOT_BUILT = 'The console is not built; `npm run build` builds it, CONSOLE=off does without.';

/**
 * `GET /` and `GET /console/{name}`: the web console, as its build left it. Files are read when they are first asked
 * for: most servers are never looked at.
 * @param page its `index.html`, with the other files in `console/` beside it; where there is none, both routes answer
 *   404 and say how to get one
 */
export async function mountConsole(app: HttpApp, page: URL): Promise<void> {
  const folder = new URL('.', page);
  const names = await namesIn(folder);
  const loaded = new Map<string, Promise<Asset>>();
  const load = (name: string): Promise<Asset> => {
    const asset = loaded.get(name) ?? read(folder, name);
    loaded.set(name, asset);
    asset.catch(() => loaded.delete(name));
    return asset;
  };
  const hidden = { config: { padded: true }, schema: { hide: true } };

  app.get('/', hidden, async (request, reply) => {
    if (!names.has('index.html')) return sendRefusal(reply, refuse('not_found', {}, NOT_BUILT));
    reply.header('Content-Security-Policy', POLICY);
    return sendAsset(request, reply, await load('index.html'));
  });

  app.get(
    '/console/:name',
    { ...hidden, schema: { hide: true, params: Type.Object({ name: Type.String() }) } },
    async (request, reply) => {
      const name = `console/${request.params.name}`;
      if (names.size === 0) return sendRefusal(reply, refuse('not_found', {}, NOT_BUILT));
      if (!names.has(name)) return sendRefusal(reply, refuse('not_found', { field: 'name' }));
      reply.header('Content-Security-Policy', POLICY);
      return sendAsset(request, reply, await load(name));
    },
  );
}

/** The names that may be asked for: a path is never made of what a request says. */
async function namesIn(folder: URL): Promise<ReadonlySet<string>> {
  try {
    const inside = await readdir(new URL('console/', folder));
    return new Set(['index.html', ...inside.map((name) => `console/${name}`)].filter(isServed));
  } catch {
    return new Set();
  }
}

function isServed(name: string): boolean {
  return Object.hasOwn(TYPES, extname(name));
}

/** All names but the page's own have the hash of their content in them. */
async function read(folder: URL, name: string): Promise<Asset> {
  const type = TYPES[extname(name)] ?? 'application/octet-stream';
  return new Asset(name, type, await readFile(new URL(name, folder)), name !== 'index.html');
}
