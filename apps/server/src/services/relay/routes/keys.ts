import { refuse } from '@blindpost/protocol/errors';
import {
  type KeyBundle,
  type KeyBundles,
  KeyFetchQuery,
  KeyUpload,
  KeyUploadAnswer,
  MAX_BUNDLE,
  MAX_LOOKUPS,
  RandomHashes,
  RandomQuery,
  WorkHeaders,
  workContext,
} from '@blindpost/protocol/relay';
import type { Addresses } from '../../../platform/http/addresses.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { fetchKeys } from '../commands/fetch-keys.js';
import { uploadKeys } from '../commands/upload-keys.js';
import type { Relay } from '../relay.js';
import { isIdentityHash } from '../rules/names.js';
import { payWith } from './work.js';

/** `POST /keys/upload`, `GET /keys/fetch`, `GET /keys/random` */
export function mountKeys(app: HttpApp, relay: Relay, addresses: Addresses): void {
  app.post(
    '/keys/upload',
    {
      bodyLimit: MAX_BUNDLE,
      schema: { headers: WorkHeaders, body: KeyUpload, response: { 200: KeyUploadAnswer } },
    },
    async ({ headers, body }, reply) => {
      const hash = body.identity_hash;
      const unpaid = await payWith(relay, headers, { type: 'upload' }, hash, hash);
      if (unpaid !== null) return sendRefusal(reply, unpaid);
      const result = await uploadKeys(relay, body);
      return result.ok
        ? reply.send({ status: 'success' as const, preKeys: result.preKeys })
        : sendRefusal(reply, result);
    },
  );

  app.get('/keys/fetch', { schema: { querystring: KeyFetchQuery } }, async ({ query, raw }, reply) => {
    const single = query.hashes === undefined;
    const field = single ? 'user' : 'hashes';
    const hashes = [...new Set((query.hashes ?? query.user ?? '').split(','))];
    if (hashes.length > MAX_LOOKUPS || !hashes.every(isIdentityHash)) {
      const expected = `${field} must be 1 to ${MAX_LOOKUPS} identity hashes, comma-separated.`;
      return sendRefusal(reply, refuse('ERR_MALFORMED', { field }, expected));
    }
    const address = addresses.of(raw);
    const found: [string, KeyBundle][] = [];
    for (const hash of hashes) {
      const bundle = await fetchKeys(relay, hash, address);
      if (bundle !== null) found.push([hash, bundle]);
    }
    if (!single || hashes.length > 1) return reply.send(Object.fromEntries(found) satisfies KeyBundles);
    const bundle = found[0]?.[1];
    return bundle === undefined ? sendRefusal(reply, refuse('ERR_NOT_FOUND', { field })) : reply.send(bundle);
  });

  app.get(
    '/keys/random',
    { schema: { headers: WorkHeaders, querystring: RandomQuery, response: { 200: RandomHashes } } },
    async ({ headers, query }, reply) => {
      const unpaid = await payWith(relay, headers, { type: 'decoy' }, workContext.decoy);
      if (unpaid !== null) return sendRefusal(reply, unpaid);
      const sealed = await relay.store.randomDiscoverable(Number(query.count ?? 1));
      const hashes = sealed.map((text) => relay.sealer.open(text)).filter((hash) => hash !== null);
      return reply.send({ hashes });
    },
  );
}
