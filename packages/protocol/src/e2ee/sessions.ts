import Type, { type Static } from 'typebox';
import { MAX_HINT } from './limits.js';
import { Meta, nullable, optional, Time, Uuid } from './primitives.js';

/** `POST /sessions/{peerId}`; what is given replaces what was there. */
export const SessionRequest = Type.Object({
  hint: optional(Type.String({ maxLength: MAX_HINT })),
  meta: optional(Meta),
});
export type SessionRequest = Static<typeof SessionRequest>;

/** That two accounts talk, for their own book-keeping: no secret, and no message depends on it. */
export const Session = Type.Object({
  id: Uuid,
  accountAId: Uuid,
  accountBId: Uuid,
  initiatedById: Uuid,
  lastMessageAt: nullable(Time),
  hint: nullable(Type.String()),
  meta: nullable(Meta),
  createdAt: Time,
  updatedAt: Time,
});
export type Session = Static<typeof Session>;
