import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { firstFault } from '@blindpost/protocol/fault';
import {
  type ClientId,
  FRAMES_IN,
  type FrameIn,
  type FrameInType,
  isSenderType,
  MAX_ACKS,
  MAX_CLIENT_ID,
  MAX_DEPTH,
} from '@blindpost/protocol/relay';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { isTooDeep } from '../../../platform/http/depth.js';

/** A text frame taken apart: its type, its members, and its size on the wire. */
export type Envelope = { type: string; members: Record<string, unknown>; size: number };

/** Reads `{type, payload: {members}}`, or the members at top level; trailing white space is padding. */
export function parseEnvelope(data: Buffer): ({ ok: true } & Envelope) | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    return refuse('ERR_MALFORMED', { field: 'frame' }, 'The frame is not JSON.');
  }
  if (!isObject(value)) return refuse('ERR_MALFORMED', { field: 'frame' }, 'The frame is not an object.');
  if (isTooDeep(value, MAX_DEPTH))
    return refuse('ERR_MALFORMED', { field: 'frame' }, 'The frame nests too deep.');
  const { type, payload, ...top } = value;
  if (typeof type !== 'string') return refuse('ERR_MALFORMED', { field: 'type' }, 'type must be a string.');
  if (payload !== undefined && !isObject(payload)) {
    return refuse('ERR_MALFORMED', { field: 'payload' }, 'payload must be an object.');
  }
  return { ok: true, type, members: { ...top, ...payload }, size: data.length };
}

/** A frame of one of our types, or a message under a type of the sender's own (`known` null). */
export type KnownFrame = { [T in FrameInType]: { known: T; members: FrameIn<T> } }[FrameInType];
export type Frame = KnownFrame | { known: null; type: string; members: FrameIn<'relay'> };

const validators = Object.fromEntries(
  Object.entries(FRAMES_IN).map(([type, schema]) => [type, Compile(schema as TSchema)]),
);

/** Checks the members against the type's schema; refuses what claims to be a frame of the server's. */
export function decodeFrame({ type, members }: Envelope): ({ ok: true } & Frame) | Refusal {
  const known = Object.hasOwn(FRAMES_IN, type);
  if (!known && !isSenderType(type)) {
    return refuse('ERR_MALFORMED', { field: 'type' }, 'This type is not a client’s to send.');
  }
  const validator = validators[known ? type : 'relay'];
  if (validator === undefined || !validator.Check(members)) {
    const { field, message } = firstFault(validator?.Errors(sampled(members)) ?? []);
    return refuse('ERR_MALFORMED', { field }, `${field} ${message}`);
  }
  // The validator of this very type has just accepted the members.
  return { ok: true, ...(known ? { known: type, members } : { known: null, type, members }) } as {
    ok: true;
  } & Frame;
}

/**
 * As many entries as the largest array may have, and one more. The validator tells every fault it finds, and
 * one frame has room for 20,000; naming the first must not cost what finding all does.
 */
function sampled(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.slice(0, MAX_ACKS + 1) : value,
    ]),
  );
}

/** The client's own id of the frame, so that an error tells which message it is about. */
export function clientIdOf({ members: { id } }: Envelope): ClientId | undefined {
  if (typeof id === 'string') return id.length > 0 && id.length <= MAX_CLIENT_ID ? id : undefined;
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
