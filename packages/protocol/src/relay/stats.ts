import Type, { type Static } from 'typebox';

/** `GET /stats`: counts only, of this instance and its store. */
export const Stats = Type.Object({
  active_connections: Type.Integer(),
  identities: Type.Integer(),
  queued_messages: Type.Integer(),
  queued_bytes: Type.Integer(),
});
export type Stats = Static<typeof Stats>;
