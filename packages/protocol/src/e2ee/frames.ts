import Type, { type Static, type TSchema } from 'typebox';
import { ErrorBody } from '../errors.js';
import { Ack, AckAnswer, Envelope, PushedEnvelope, Send } from './envelopes.js';
import { KeyStatus } from './keys.js';

/** Comes back with the answer to the frame it stood in. */
const Ref = Type.Optional(
  Type.Union([
    Type.String({ maxLength: 64 }),
    Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  ]),
);
export type Ref = Static<typeof Ref>;

const frame = <const N extends string, S extends TSchema>(type: N, data: S) =>
  Type.Object({ type: Type.Literal(type), ref: Ref, data });

/** Frames a client may send. */
export const E2EE_FRAMES_IN = {
  /** First and within two seconds, where the upgrade carried no `Authorization`. */
  auth: frame('auth', Type.Object({ token: Type.String({ minLength: 1, maxLength: 16_384 }) })),
  /** As `POST /messages`; answered by `e2ee.sent` or `error` with the same `ref`. */
  'e2ee.send': frame('e2ee.send', Send),
  /** As `POST /messages/ack`; answered by `e2ee.acked` when it carries a `ref`. */
  'e2ee.ack': frame('e2ee.ack', Ack),
};
export type E2eeFrameIn = {
  [T in keyof typeof E2EE_FRAMES_IN]: Static<(typeof E2EE_FRAMES_IN)[T]>;
}[keyof typeof E2EE_FRAMES_IN];

/** Frames the server sends. */
export const E2eeFrameOut = Type.Union([
  /** The socket speaks for this account now; what waits for it follows. */
  frame('auth.ok', Type.Object({ accountId: Type.String(), expiresAt: Type.String() })),
  /** One that waits; it stays until it is acknowledged. */
  frame('e2ee.envelope', PushedEnvelope),
  frame('e2ee.sent', Envelope),
  frame('e2ee.acked', AckAnswer),
  /** Everything that was waiting when the socket came has been sent; once for each socket. */
  frame('e2ee.queue.empty', Type.Object({})),
  /** Upload one-time prekeys. */
  frame('e2ee.prekeys.low', KeyStatus),
  frame('error', ErrorBody),
]);
export type E2eeFrameOut = Static<typeof E2eeFrameOut>;
