import { E2EE_FRAMES_IN, type E2eeFrameIn, type Ref } from '@blindpost/protocol/e2ee';
import { type Refusal, refuse } from '@blindpost/protocol/errors';
import { firstFault } from '@blindpost/protocol/fault';
import { Compile } from 'typebox/compile';
import { isTooDeep } from '../../../platform/http/depth.js';
import { MAX_NESTING, toCamel } from '../wire/case.js';

const auth = Compile(E2EE_FRAMES_IN.auth);
const send = Compile(E2EE_FRAMES_IN['e2ee.send']);
const ack = Compile(E2EE_FRAMES_IN['e2ee.ack']);

/** What a frame says; of one that is refused, what its answer has to carry. */
export type Decoded =
  | { ok: true; frame: E2eeFrameIn }
  | { ok: false; refusal: Refusal; ref: Ref | undefined };

/** Reads one frame of a socket. */
export function decodeFrame(data: Buffer, binary: boolean): Decoded {
  if (binary) return refused(undefined, 'frame', 'Frames are text.');
  let value: unknown;
  try {
    value = JSON.parse(data.toString('utf8'));
  } catch {
    return refused(undefined, 'frame', 'The frame is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused(undefined, 'frame', 'The frame is not an object.');
  }
  const ref = refOf(value);
  if (isTooDeep(value, MAX_NESTING)) return refused(ref, 'data', 'The frame nests too deep.');
  const read = toCamel(value);
  if (!read.ok) return { ok: false, refusal: read, ref };
  const frame = read.value;
  if (auth.Check(frame)) return { ok: true, frame };
  if (send.Check(frame)) return { ok: true, frame };
  if (ack.Check(frame)) return { ok: true, frame };
  const validator = validatorOf(frame);
  if (validator === null) return refused(ref, 'type', 'type must be auth, e2ee.send or e2ee.ack.');
  const { field, message } = firstFault(validator.Errors(frame));
  // Named as over HTTP, where there is no frame around it.
  const name = field.replace(/^data\./, '');
  return refused(ref, name, `${name} ${message}`);
}

function validatorOf(frame: unknown) {
  const type = typeof frame === 'object' && frame !== null && 'type' in frame ? frame.type : undefined;
  if (type === 'auth') return auth;
  if (type === 'e2ee.send') return send;
  return type === 'e2ee.ack' ? ack : null;
}

/** What comes back with the answer, where it is one that may. */
function refOf(frame: object): Ref | undefined {
  const ref = 'ref' in frame ? frame.ref : undefined;
  if (typeof ref === 'string') return ref.length <= 64 ? ref : undefined;
  return typeof ref === 'number' && Number.isSafeInteger(ref) && ref >= 0 ? ref : undefined;
}

function refused(ref: Ref | undefined, field: string, message: string): Decoded {
  return { ok: false, refusal: refuse('invalid_request', { field }, message), ref };
}
