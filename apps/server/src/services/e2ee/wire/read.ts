import { MAX_META, MAX_META_DEPTH } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { isTooDeep } from '../../../platform/http/depth.js';
import { parseTime } from '../../../platform/iso-time.js';

/** What a member of a request says, or why it says nothing. */
export type Read<T> = { ok: true; value: T } | Refusal;

const LONE_SURROGATE = /\p{Surrogate}/u;
const NONE = { ok: true, value: null } as const;
const utf8 = new TextEncoder();

/**
 * Bytes in standard Base64 with padding, in the one spelling there is of them.
 * @param max bytes
 * @param tooMany what more of them are: 400, or 413 for what is large by nature
 */
export function readBytes(
  text: string,
  field: string,
  max: number,
  tooMany: 'invalid_request' | 'payload_too_large' = 'invalid_request',
): Read<Buffer> {
  const bytes = Buffer.from(text, 'base64');
  // Whatever the decoder passed over or took for something else does not come back.
  if (bytes.toString('base64') !== text) {
    return refuse('invalid_request', { field }, `${field} must be standard Base64 with padding`);
  }
  if (bytes.length === 0) return refuse('invalid_request', { field }, `${field} must not be empty`);
  if (bytes.length > max) {
    return refuse(tooMany, { field, limit: max }, `${field} must have at most ${max} bytes`);
  }
  return { ok: true, value: bytes };
}

/** The same of a member that may be absent or, being there, empty. */
export function readOptionalBytes(
  text: string | null | undefined,
  field: string,
  max: number,
): Read<Buffer | null> {
  if (text === undefined || text === null) return NONE;
  return text === '' ? { ok: true, value: Buffer.alloc(0) } : readBytes(text, field, max);
}

/** A client's text as UTF-8, which comes back as it was. */
export function readText(text: string | null | undefined, field: string): Read<Uint8Array | null> {
  if (text === undefined || text === null) return NONE;
  // Half a character has no UTF-8: it would come back as another text, and two texts as one key.
  if (LONE_SURROGATE.test(text)) {
    return refuse('invalid_request', { field }, `${field} must be well-formed Unicode`);
  }
  return { ok: true, value: utf8.encode(text) };
}

/** A client's own object as JSON in UTF-8. */
export function readMeta(meta: object | null | undefined, field: string): Read<Uint8Array | null> {
  if (meta === undefined || meta === null) return NONE;
  if (isTooDeep(meta, MAX_META_DEPTH)) return refuse('invalid_request', { field }, `${field} nests too deep`);
  // JSON has no infinity: it would come back as null.
  if (hasInfinity(meta))
    return refuse('invalid_request', { field }, `${field} has a number that is too large`);
  const json = utf8.encode(JSON.stringify(meta));
  if (json.length <= MAX_META) return { ok: true, value: json };
  return refuse(
    'invalid_request',
    { field, limit: MAX_META },
    `${field} must have at most ${MAX_META} bytes`,
  );
}

function hasInfinity(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}

/** A time, ms since the epoch. */
export function readTime(text: string | null | undefined, field: string): Read<number | null> {
  if (text === undefined || text === null) return NONE;
  const value = parseTime(text);
  return value === null
    ? refuse('invalid_request', { field }, `${field} must be a time with an offset (RFC 3339)`)
    : { ok: true, value };
}

/** Several members; the first that says nothing is the refusal. */
export function readAll<T extends Record<string, Read<unknown>>>(
  reads: T,
): { ok: true; value: { [K in keyof T]: Extract<T[K], { ok: true }>['value'] } } | Refusal {
  const values: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(reads)) {
    if (!read.ok) return read;
    values[name] = read.value;
  }
  // Each name with the value of its own read.
  return { ok: true, value: values as { [K in keyof T]: Extract<T[K], { ok: true }>['value'] } };
}
