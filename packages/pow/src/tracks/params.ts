import type { Refused } from './track.js';

/** Bytes of UTF-8 that a text may have at most; what the pool issues has tens. */
const MAX_TEXT = 65_536;
const utf8 = new TextEncoder();

/** Reads one member; undefined when it is none of its kind. */
type Reader<T> = (value: unknown) => T | undefined;

/** The members of a track's parameters, in the order in which they are looked at. */
type Shape = Record<string, Reader<string | number>>;

/** The parameters that a shape reads: plain JSON, each member of the right kind, none that is not named. */
export type ParamsOf<S extends Shape> = {
  -readonly [Name in keyof S]: S[Name] extends Reader<infer T> ? T : never;
};

/** What a track refuses: its own number, or `invalid_params` for what asks for more memory than we give. */
export interface Rule<P> {
  code: number | 'invalid_params';
  field: keyof P & string;
  accepts: (params: P) => boolean;
}

/** Any text up to 64 KiB, hashed as UTF-8. */
export const text: Reader<string> = (value) =>
  typeof value === 'string' && isShort(value) ? value : undefined;

/** Bytes as pairs of hexadecimal digits, of either case. */
export const hex: Reader<string> = (value) =>
  typeof value === 'string' &&
  value.length <= MAX_TEXT &&
  value.length % 2 === 0 &&
  /^[0-9a-f]*$/i.test(value)
    ? value
    : undefined;

/** A whole number of 32 bits without a sign. */
export const word: Reader<number> = (value) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0xffffffff
    ? // -0 is a whole number as well, and would be another one as JSON.
      value + 0
    : undefined;

/** Counts bytes only where it must: a unit of UTF-16 becomes three at most. */
function isShort(value: string): boolean {
  if (value.length > MAX_TEXT) return false;
  return value.length * 3 <= MAX_TEXT || utf8.encode(value).length <= MAX_TEXT;
}

/**
 * Reads parameters as they come from outside: first whether each member is what it must be, then the track's
 * rules in the order in which the original tests them. Never throws, whatever JSON it is given.
 */
export function readParams<S extends Shape>(
  params: unknown,
  shape: S,
  rules: readonly Rule<ParamsOf<S>>[],
): { ok: true; params: ParamsOf<S> } | Refused {
  const members: Record<string, string | number> = {};
  for (const [field, read] of Object.entries(shape)) {
    const member = read(own(params, field));
    if (member === undefined) return { ok: false, code: 'invalid_params', field };
    members[field] = member;
  }
  // The loop has put exactly this together; the compiler does not follow members by name.
  const whole = members as ParamsOf<S>;
  const broken = rules.find((rule) => !rule.accepts(whole));
  if (broken) return { ok: false, code: broken.code, field: broken.field };
  return { ok: true, params: whole };
}

function own(params: unknown, field: string): unknown {
  if (typeof params !== 'object' || params === null || !Object.hasOwn(params, field)) return undefined;
  return Reflect.get(params, field);
}
