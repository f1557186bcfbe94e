/** One setting of the environment: how its text is read, what stands when it is absent, what it means. */
export type Setting<T> = {
  /** Reads the text or says what is wrong with it. */
  parse(text: string): { ok: true; value: T } | { ok: false; expected: string };
  fallback: T;
  describe: string;
  /** Printed masked. */
  secret: boolean;
};

export type SettingGroup = Record<string, Setting<unknown>>;
export type Values<G extends SettingGroup> = { [K in keyof G]: G[K] extends Setting<infer T> ? T : never };

type Options = { secret?: boolean };

function setting<T>(
  fallback: T,
  describe: string,
  parse: Setting<T>['parse'],
  options: Options = {},
): Setting<T> {
  return { parse, fallback, describe, secret: options.secret ?? false };
}

export function text<T extends string | undefined>(fallback: T, describe: string, options?: Options) {
  return setting<string | T>(fallback, describe, (value) => ({ ok: true, value }), options);
}

/** Text of at least `length` characters. */
export function secretText(length: number, describe: string) {
  return setting<string | undefined>(
    undefined,
    describe,
    (value) =>
      value.length >= length ? { ok: true, value } : { ok: false, expected: `at least ${length} characters` },
    { secret: true },
  );
}

export function integer(fallback: number, min: number, max: number, describe: string) {
  return setting<number>(fallback, describe, (value) => {
    const number = /^[0-9]{1,15}$/.test(value) ? Number(value) : Number.NaN;
    if (number >= min && number <= max) return { ok: true, value: number };
    return { ok: false, expected: `a whole number from ${min} to ${max}` };
  });
}

export function flag(fallback: boolean, describe: string) {
  return setting<boolean>(fallback, describe, (value) => {
    if (value === 'true') return { ok: true, value: true };
    if (value === 'false') return { ok: true, value: false };
    return { ok: false, expected: 'true or false' };
  });
}

export function oneOf<const T extends string>(options: readonly T[], fallback: T, describe: string) {
  return setting<T>(fallback, describe, (value) => {
    const match = options.find((option) => option === value);
    return match === undefined
      ? { ok: false, expected: `one of ${options.join(', ')}` }
      : { ok: true, value: match };
  });
}

/** A comma-separated list; every entry must satisfy `accepts`. */
export function list(describe: string, expected: string, accepts: (entry: string) => boolean) {
  return setting<readonly string[]>([], describe, (value) => {
    const entries = value.split(',').map((entry) => entry.trim());
    return entries.every(accepts) ? { ok: true, value: entries } : { ok: false, expected };
  });
}

/** A URL with one of these schemes, e.g. `redis:`. */
export function url(schemes: readonly string[], describe: string, options?: Options) {
  return setting<string | undefined>(
    undefined,
    describe,
    (value) => {
      const parsed = URL.canParse(value) ? new URL(value) : undefined;
      const complete = parsed !== undefined && value.includes('://') && parsed.hostname !== '';
      if (complete && schemes.includes(parsed.protocol)) return { ok: true, value };
      return {
        ok: false,
        expected: `a URL beginning with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`,
      };
    },
    options,
  );
}

/** `NAME=number, …`, whole numbers up to `max`, one at least above 0; a name left out counts 0. */
export function weights<const N extends string>(
  names: readonly N[],
  fallback: number,
  max: number,
  describe: string,
) {
  const same = (value: number) => new Map<N, number>(names.map((name) => [name, value]));
  const printed = (values: Map<N, number>) =>
    Object.assign(values, { toString: () => [...values].map((pair) => pair.join('=')).join(',') });
  return setting<ReadonlyMap<N, number>>(printed(same(fallback)), describe, (value) => {
    const read = same(0);
    for (const entry of value.split(',')) {
      const [, given, digits] = /^\s*([A-Z0-9_]+)\s*=\s*([0-9]{1,15})\s*$/.exec(entry) ?? [];
      const name = names.find((known) => known === given);
      if (name === undefined || !(Number(digits) <= max))
        return { ok: false, expected: `NAME=number, …, 0 to ${max}, with names of ${names.join(', ')}` };
      read.set(name, Number(digits));
    }
    if ([...read.values()].every((weight) => weight === 0))
      return { ok: false, expected: 'above 0 somewhere' };
    return { ok: true, value: printed(read) };
  });
}
