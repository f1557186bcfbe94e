import {
  Bundle,
  BundleQuery,
  KeyStatus,
  KeyUpload,
  MAX_UPLOAD_BODY,
  PublicBundle,
  Uuid,
} from '@blindpost/protocol/e2ee';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { fetchBundle, keyStatus, ownPublicBundle } from '../commands/fetch-bundle.js';
import { uploadKeys } from '../commands/upload-keys.js';
import type { E2ee } from '../e2ee.js';
import { bearerOf } from './bearer.js';

const AccountParams = Type.Object({ accountId: Uuid });

/** `/keys/…`: what others need to begin a session with somebody. */
export function mountKeys(app: HttpApp, e2ee: E2ee): void {
  app.post(
    '/keys/upload',
    { bodyLimit: MAX_UPLOAD_BODY, schema: { body: KeyUpload, response: { 200: Bundle } } },
    async (request, reply) => {
      const result = await uploadKeys(e2ee, bearerOf(request), request.body);
      return result.ok ? reply.send(result.bundle) : sendRefusal(reply, result);
    },
  );

  app.get('/keys/me', { schema: { response: { 200: PublicBundle } } }, async (request, reply) => {
    const result = await ownPublicBundle(e2ee, bearerOf(request));
    return result.ok ? reply.send(result.bundle) : sendRefusal(reply, result);
  });

  app.get('/keys/status', { schema: { response: { 200: KeyStatus } } }, async (request, reply) =>
    reply.send(await keyStatus(e2ee, bearerOf(request))),
  );

  app.get(
    '/keys/:accountId/bundle',
    { schema: { params: AccountParams, querystring: BundleQuery, response: { 200: PublicBundle } } },
    async (request, reply) => {
      const consume = request.query.consumeOneTimePreKey?.toLowerCase() !== 'false';
      const { accountId } = request.params;
      const result = await fetchBundle(e2ee, bearerOf(request), accountId, consume ? 'again' : 'none');
      return result.ok ? reply.send(result.bundle) : sendRefusal(reply, result);
    },
  );

  app.post(
    '/keys/:accountId/claim',
    { schema: { params: AccountParams, response: { 200: PublicBundle } } },
    async (request, reply) => {
      const result = await fetchBundle(e2ee, bearerOf(request), request.params.accountId, 'fresh');
      return result.ok ? reply.send(result.bundle) : sendRefusal(reply, result);
    },
  );
}
