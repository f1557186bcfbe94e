import Type, { type Static } from 'typebox';
import { MAX_TARGETS } from './limits.js';
import { Address, ClientId } from './primitives.js';

export const DeliveryState = Type.Union([Type.Literal('delivered'), Type.Literal('queued')]);
export type DeliveryState = Static<typeof DeliveryState>;

/** `POST /relay`: any JSON but null may be a body; it comes out as it went in. */
export const Send = Type.Object({ to: Address, body: Type.Unknown(), id: Type.Optional(ClientId) });
export type Send = Static<typeof Send>;
export const Sent = Type.Object({ status: DeliveryState, id: ClientId });

/** `POST /relay/multicast`: one body each, or one body for all. */
export const Multicast = Type.Object({
  targets: Type.Optional(
    Type.Array(Type.Object({ to: Address, body: Type.Unknown() }), { minItems: 1, maxItems: MAX_TARGETS }),
  ),
  recipients: Type.Optional(Type.Array(Address, { minItems: 1, maxItems: MAX_TARGETS })),
  body: Type.Optional(Type.Unknown()),
});
export type Multicast = Static<typeof Multicast>;

/** One target's outcome: a state, or the code of the refusal. */
export const TargetResult = Type.Object({
  to: Address,
  status: Type.Union([DeliveryState, Type.Literal('refused')]),
  error: Type.Optional(Type.String()),
});
export type TargetResult = Static<typeof TargetResult>;
export const MulticastAnswer = Type.Object({
  status: Type.Literal('success'),
  results: Type.Array(TargetResult),
});
