/** What came of reading a value from outside: it, or the first thing wrong, as errors on the wire name it. */
export type Reading<T> = { ok: true; value: T } | Fault;

export type Fault = {
  ok: false;
  /** A dotted path, such as `proof.pi_b.0.1`. */
  field: string;
  /** What it should be, to be read behind the field's name. */
  message: string;
};

export function fault(field: string, message: string): Fault {
  return { ok: false, field, message };
}

/** An object's own members, none of which need be there. */
export function membersOf(value: unknown): Map<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}
