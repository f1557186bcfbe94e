import Type, { type Static } from 'typebox';

/** What every refused request is answered with, in JSON, and every refused frame carries. */
export const ErrorBody = Type.Object({
  error: Type.String({ description: 'A stable code of the error table.' }),
  message: Type.String({ description: 'For people; may change.' }),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type ErrorBody = Static<typeof ErrorBody>;
