import Type, { type Static } from 'typebox';

export const Count = Type.Integer({ minimum: 0 });

/** How often something happened since the start, by what came of it. */
export const Tally = Type.Record(Type.String(), Count);
export type Tally = Static<typeof Tally>;

export const TimeMs = Type.Integer({ minimum: 0, description: 'Milliseconds since 1970-01-01T00:00Z.' });

/** A bound; 0 = none. */
export const Bound = Type.Integer({ minimum: 0, description: '0 = no bound.' });
