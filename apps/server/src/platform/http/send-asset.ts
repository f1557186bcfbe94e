import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Asset } from './asset.js';
import { chosenEncoding } from './encoding.js';

const YEAR_S = 31_536_000;

/** Answers a file: compressed as the client allows, kept by its caches, and not sent again to who has it. */
export async function sendAsset(
  request: FastifyRequest,
  reply: FastifyReply,
  asset: Asset,
): Promise<FastifyReply> {
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
}
