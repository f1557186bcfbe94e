/** Frames a client sends. On the wire: `{type, payload: {members}}`, or the members at top level. */
import Type, { type Static } from 'typebox';
import { MAX_ACKS, MAX_TARGETS } from './limits.js';
import { Address, ClientId, IdentityHash, IdentityKey, MessageId, Seed, Signature } from './primitives.js';

/** A frame's nonce may also be an integer. */
const FrameNonce = Type.Union([
  Type.String({ pattern: '^[0-9]{1,32}$' }),
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
]);

const Auth = Type.Object({
  identity_hash: IdentityHash,
  session_token: Type.Optional(Type.String({ pattern: '^[0-9a-f]{64}$' })),
  seed: Type.Optional(Seed),
  nonce: Type.Optional(FrameNonce),
  identityKey: Type.Optional(IdentityKey),
  signature: Type.Optional(Signature),
  profile: Type.Optional(Type.String({ maxLength: 32 })),
});

/** `relay`, `send_message` and types of the sender's own. Exactly one body, or the members of a fragment. */
const Relay = Type.Object({
  to: Type.Optional(Address),
  target_hash: Type.Optional(Address),
  TargetHash: Type.Optional(Address),
  body: Type.Optional(Type.Unknown()),
  data: Type.Optional(Type.Unknown()),
  content: Type.Optional(Type.Unknown()),
  bundle: Type.Optional(Type.Unknown()),
  fragmentId: Type.Optional(Type.Union([Type.String({ maxLength: 128 }), Type.Integer()])),
  index: Type.Optional(Type.Integer({ minimum: 0 })),
  total: Type.Optional(Type.Integer({ minimum: 1 })),
  id: Type.Optional(ClientId),
});

const DeliveryAck = Type.Object({ ids: Type.Array(MessageId, { minItems: 1, maxItems: MAX_ACKS }) });
const GroupMulticast = Type.Object({
  targets: Type.Array(
    Type.Object({
      to: Address,
      body: Type.Unknown(),
      msg_type: Type.Optional(Type.String({ maxLength: 64 })),
    }),
    { minItems: 1, maxItems: MAX_TARGETS },
  ),
  id: Type.Optional(ClientId),
});
const VolatileRelay = Type.Object({ to: Address, body: Type.Unknown(), id: Type.Optional(ClientId) });
const SubscribeAlias = Type.Object({
  alias: Address,
  seed: Seed,
  nonce: FrameNonce,
  identityKey: Type.Optional(IdentityKey),
  signature: Type.Optional(Signature),
});
const Peer = Type.Object({ to: IdentityHash });
const PresenceUpdate = Type.Object({
  status: Type.String({ maxLength: 64 }),
  to: Type.Optional(Type.Union([IdentityHash, Type.Array(IdentityHash, { maxItems: MAX_TARGETS })])),
});
const Ping = Type.Object({
  timestamp: Type.Optional(Type.Union([Type.Number(), Type.String({ maxLength: 64 })])),
  dummy: Type.Optional(Type.Boolean()),
});

export const FRAMES_IN = {
  auth: Auth,
  relay: Relay,
  send_message: Relay,
  delivery_ack: DeliveryAck,
  ack: DeliveryAck,
  group_multicast: GroupMulticast,
  volatile_relay: VolatileRelay,
  subscribe_alias: SubscribeAlias,
  presence_subscribe: Peer,
  presence_allow: Peer,
  presence_deny: Peer,
  presence_update: PresenceUpdate,
  ping: Ping,
  dummy_pacing: Type.Object({}),
} as const;

export type FrameInType = keyof typeof FRAMES_IN;
export type FrameIn<T extends FrameInType> = Static<(typeof FRAMES_IN)[T]>;
/** A send under a type of the sender's own has the members of `relay`. */
export type RelayFrame = Static<typeof Relay>;
