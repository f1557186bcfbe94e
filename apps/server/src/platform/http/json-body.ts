import type { FastifyRequest } from 'fastify';

/**
 * Reads a body. None at all is no fault where none is needed, whatever the content type says of it. A member called
 * `__proto__` is one like any other: nothing here copies members by assignment, and `meta` comes back as it was.
 */
export async function parseJson(_request: FastifyRequest, body: string | Buffer): Promise<unknown> {
  const text = body.toString();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw Object.assign(new Error('not JSON', { cause: error }), { statusCode: 400 });
  }
}
