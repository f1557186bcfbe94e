import { ErrorReply } from '@redis/client';
import { StartRefused } from '../start-refused.js';
import { Unavailable } from '../unavailable.js';

/** A Redis that answers but must not be used: too old, evicting, or refusing our credentials. */
export class RedisRefused extends StartRefused {
  override readonly name = 'RedisRefused';
  constructor(reason: string, cause?: unknown) {
    super(`this Redis cannot be used: ${reason}`, { cause });
  }
}

/** Error replies that speak of the server's state, not of the command: it may work again later. */
const STATES = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'NOREPLICAS',
  'READONLY',
  'TRYAGAIN',
  'UNKILLABLE',
]);

/**
 * What a caller shall see of a failed command: `Unavailable` when the server was not reached or is in no
 * state to serve, else the error itself, which is ours to mend (a wrong argument, a fault in a function).
 */
export function visibleFailure(error: unknown): unknown {
  if (error instanceof Unavailable || error instanceof RedisRefused || error instanceof TypeError)
    return error;
  if (error instanceof ErrorReply && !STATES.has(firstWord(error))) return error;
  return new Unavailable('Redis', error);
}

/** Whether Redis refused a write because its memory is full; a function flagged `allow-oom` still runs. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof ErrorReply && firstWord(error) === 'OOM';
}

/** Whether Redis does not know the function, because it was restarted or flushed since we loaded it. */
export function isFunctionMissing(error: unknown): boolean {
  return error instanceof ErrorReply && error.message.startsWith('ERR Function not found');
}

/** Whether Redis, or whoever runs it, forbids this command to us. */
export function isForbidden(error: unknown): boolean {
  if (!(error instanceof ErrorReply)) return false;
  return firstWord(error) === 'NOPERM' || error.message.startsWith('ERR unknown command');
}

function firstWord(error: ErrorReply): string {
  return error.message.split(' ', 1)[0] ?? '';
}
