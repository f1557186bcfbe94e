import { refuse } from '@blindpost/protocol/errors';
import { ProvingAssets } from '@blindpost/protocol/identity';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { sendAsset } from '../../../platform/http/send-asset.js';
import type { Assets } from '../assets/assets.js';

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
      return sendAsset(request, reply, asset);
    },
  );
}
