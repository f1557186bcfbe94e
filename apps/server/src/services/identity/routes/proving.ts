import { refuse } from '@blindpost/protocol/errors';
import { ProvingAssets } from '@blindpost/protocol/identity';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import type { Assets } from '../assets/assets.js';
import { chosenEncoding } from '../assets/encoding.js';

const YEAR_S = 31_536_000;

/**
 * `GET /proving/assets`: where a prover finds what it needs.
 * @param base where that is; asked for at each request, as a listener knows its port only when it listens
 */
export function mountProving(app: HttpApp, assets: Assets, base: () => string): void {
  app.get('/proving/assets', { schema: { response: { 200: ProvingAssets } } }, async (_request, reply) =>
    reply.send(assets.describe(base())),
  );
}

/** `GET /assets/{name}`: the files themselves. */
export function mountAssets(app: HttpApp, assets: Assets): void {
  app.get(
    '/assets/:name',
    { schema: { params: Type.Object({ name: Type.String() }) } },
    async (request, reply) => {
      const asset = assets.get(request.params.name);
      if (asset === undefined) return sendRefusal(reply, refuse('not_found', { field: 'name' }));
      const encoding = chosenEncoding(request.headers['accept-encoding']);
      const etag = asset.etag(encoding);
      reply
        .header('Cache-Control', asset.immutable ? `public, max-age=${YEAR_S}, immutable` : 'no-cache')
        .header('Vary', 'Accept-Encoding')
        .header('ETag', etag);
      const known = request.headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
      if (known?.includes(etag) === true) return reply.code(304).send();
      if (encoding !== 'identity') reply.header('Content-Encoding', encoding);
      return reply.type(asset.type).send(await asset.body(encoding));
    },
  );
}
