import Type, { type Static } from 'typebox';

/** `GET /health`: 200 when every part answers, 503 with the same shape when one does not. */
export const Health = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
  timestamp: Type.String({ description: 'ISO-8601, UTC.' }),
  environment: Type.String({ description: 'production or development, or what the operator calls it.' }),
  services: Type.Record(Type.String(), Type.Union([Type.Literal('ok'), Type.Literal('degraded')])),
});
export type Health = Static<typeof Health>;
