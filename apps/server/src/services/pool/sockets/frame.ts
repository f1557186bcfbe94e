import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { firstFault } from '@blindpost/protocol/fault';
import { POOL_FRAMES_IN, type PoolFrameIn } from '@blindpost/protocol/pool';
import { Compile } from 'typebox/compile';
import type { RawData } from 'ws';

/** Largest frame taken, bytes: a token and a hash rate are short. */
export const MAX_FRAME = 64 * 1024;

const auth = Compile(POOL_FRAMES_IN.auth);
const hashrate = Compile(POOL_FRAMES_IN.hashrate);

/** Reads one frame of a miner's socket. */
export function decodeFrame(data: RawData, binary: boolean): { ok: true; frame: PoolFrameIn } | Refusal {
  if (binary) return refuse('invalid_request', { field: 'frame' }, 'Frames are text.');
  let value: unknown;
  try {
    value = JSON.parse(data.toString());
  } catch {
    return refuse('invalid_request', { field: 'frame' }, 'The frame is not JSON.');
  }
  if (auth.Check(value)) return { ok: true, frame: value };
  if (hashrate.Check(value)) return { ok: true, frame: value };
  const type = typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
  if (type !== 'auth' && type !== 'hashrate') {
    return refuse('invalid_request', { field: 'type' }, 'type must be auth or hashrate.');
  }
  const { field, message } = firstFault((type === 'auth' ? auth : hashrate).Errors(value));
  // Who means to show a token must never be taken for the address instead.
  const code = type === 'auth' ? 'unauthorized' : 'invalid_request';
  return refuse(code, { field }, `${field} ${message}`);
}
