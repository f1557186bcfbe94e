/** What answers, refusals and error frames must look like. */
import assert from 'node:assert/strict';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import type { WireFrame } from '@blindpost/testbed/wire-socket';
import type { Static, TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';

/** The value, checked against its schema of the protocol. */
export function shaped<const T extends TSchema>(schema: T, value: unknown): Static<T> {
  if (Check(schema, value)) return value;
  assert.fail(
    `not of the documented shape: ${JSON.stringify(Errors(schema, value))}\n${JSON.stringify(value)}`,
  );
}

/** An answer of 200 whose body has the documented shape. */
export function assertOk<const T extends TSchema>(answer: WireAnswer, schema: T): Static<T> {
  assert.equal(answer.status, 200, String(answer));
  return shaped(schema, answer.json);
}

/** A refusal: the status, the code, exactly the three members, and the member at fault where there is one. */
export function assertRefused(answer: WireAnswer, status: number, code: string, field?: string): void {
  assert.equal(answer.status, status, String(answer));
  const { error, message, details, ...more } = answer.json;
  assert.equal(error, code, String(answer));
  assert.deepEqual(more, {});
  assertExplained(message, details, field);
}

/** The same as a frame; `id` is the id that the refused frame carried. */
export function assertError(frame: WireFrame, code: string, field?: string, id?: string | number): void {
  const { type, error, message, details, id: echoed, ...more } = frame;
  assert.equal(type, 'error', JSON.stringify(frame));
  assert.equal(error, code, JSON.stringify(frame));
  assert.deepEqual(more, {});
  if (id !== undefined) assert.equal(echoed, id);
  assertExplained(message, details, field);
}

function assertExplained(message: unknown, details: unknown, field: string | undefined): void {
  assert.ok(typeof message === 'string' && message.length > 0, 'a message for people');
  assert.ok(
    typeof details === 'object' && details !== null && !Array.isArray(details),
    'details are an object',
  );
  if (field !== undefined) assert.equal(Reflect.get(details, 'field'), field, JSON.stringify(details));
}

/** A member of an unknown value. */
export function member(value: unknown, name: string): unknown {
  assert.ok(typeof value === 'object' && value !== null, `an object with ${name}`);
  return Reflect.get(value, name);
}
