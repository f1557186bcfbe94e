/** Frames the server sends: `type` and the members at top level, padded with white space to FRAME_SIZE. */
import Type, { type Static } from 'typebox';
import { ErrorBody } from '../errors.js';
import { FRAMES_IN } from './frames-in.js';
import { Address, ClientId, IdentityHash, MessageId } from './primitives.js';
import { DeliveryState, TargetResult } from './send.js';

/** A message: `msg`, `sealed_message`, `queued_message` or a type of the sender's own. */
const Message = Type.Object({
  id: MessageId,
  payload: Type.Unknown(),
  msg_type: Type.Optional(
    Type.String({ description: 'On `queued_message`: the type it had when sent, if not `msg`.' }),
  ),
  volatile: Type.Optional(Type.Literal(true, { description: 'Never stored; no ack is needed.' })),
  sender: Type.Optional(IdentityHash),
});

export const FRAMES_OUT = {
  auth_success: Type.Object({
    identity_hash: IdentityHash,
    session_token: Type.String(),
    expires_at_ms: Type.Integer(),
    keys_missing: Type.Boolean(),
  }),
  msg: Message,
  sealed_message: Message,
  queued_message: Message,
  delivery_status: Type.Object({
    target: Type.Optional(Address),
    id: Type.Optional(ClientId),
    status: Type.Optional(DeliveryState),
    results: Type.Optional(Type.Array(TargetResult, { description: 'Of a multicast, one per target.' })),
  }),
  relay_success: Type.Object({ target: Address, status: DeliveryState }),
  alias_subscribed: Type.Object({ alias: Address }),
  presence_ok: Type.Object({}),
  presence_request: Type.Object({ from: IdentityHash }),
  presence_update: Type.Object({ from: IdentityHash, status: Type.String() }),
  pong: Type.Object({ timestamp: Type.Optional(Type.Union([Type.Number(), Type.String()])) }),
  dummy_ack: Type.Object({}),
  dummy_pacing: Type.Object({}),
  error: Type.Object({ ...ErrorBody.properties, id: Type.Optional(ClientId) }),
} as const;

export type FrameOutType = keyof typeof FRAMES_OUT;
export type FrameOut = { [T in FrameOutType]: { type: T } & Static<(typeof FRAMES_OUT)[T]> }[FrameOutType];
export type MessageFrame = Static<typeof Message> & { type: string };

const OURS: ReadonlySet<string> = new Set([...Object.keys(FRAMES_IN), ...Object.keys(FRAMES_OUT)]);

/** Whether a sender may label a message so: nobody may forge a frame of the server's. */
export function isSenderType(type: string): boolean {
  return /^[a-z0-9_]{1,32}$/.test(type) && !OURS.has(type);
}
