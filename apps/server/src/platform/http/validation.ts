import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { SchemaRefusal } from './failure.js';

/**
 * Checks requests against their TypeBox schema and changes nothing: no coercion, no defaults, no dropped
 * members. A signature covers what was sent, and `true` must never become 1.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema }) => {
  const validator = Compile(schema);
  return (value: unknown) =>
    validator.Check(value) ? { value } : { error: new SchemaRefusal(validator.Errors(value)) };
};
