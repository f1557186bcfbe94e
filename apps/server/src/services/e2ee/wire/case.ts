import { type Refusal, refuse } from '@blindpost/protocol/errors';

/**
 * The second spelling of members, snake_case, which clients of the original speak. One transform at the edge: what
 * stands behind it knows camelCase alone. `meta` is the clients' own and is never looked into.
 */
const VERBATIM = 'meta';

/** Deeper than anything may nest, `meta` included, and safe to walk by recursion; the members say what they allow. */
export const MAX_NESTING = 512;

/** Members in camelCase, however they came. A member given in both spellings is refused. */
export function toCamel(value: unknown): { ok: true; value: unknown } | Refusal {
  if (!hasSnake(value)) return { ok: true, value };
  const twice: string[] = [];
  const renamed = rename(value, camel, (name) => twice.push(name));
  const [field] = twice;
  if (field === undefined) return { ok: true, value: renamed };
  return refuse('invalid_request', { field }, `${field} stands there in both spellings.`);
}

/** Members in snake_case, and the field that a refusal names, in a body or in a frame. */
export function toSnake(value: unknown): unknown {
  const renamed = rename(value, snake, () => undefined);
  if (!isObject(renamed)) return renamed;
  return isObject(renamed.data) ? { ...renamed, data: withField(renamed.data) } : withField(renamed);
}

function withField(refusal: Record<string, unknown>): Record<string, unknown> {
  const { details } = refusal;
  if (!isObject(details) || typeof details.field !== 'string') return refusal;
  return { ...refusal, details: { ...details, field: snake(details.field) } };
}

function hasSnake(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSnake);
  if (!isObject(value)) return false;
  return Object.keys(value).some(
    (name) => name.includes('_') || (name !== VERBATIM && hasSnake(value[name])),
  );
}

function rename(value: unknown, spell: (name: string) => string, twice: (name: string) => void): unknown {
  if (Array.isArray(value)) return value.map((member) => rename(member, spell, twice));
  if (!isObject(value)) return value;
  const renamed: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    const spelled = spell(name);
    if (Object.hasOwn(renamed, spelled)) twice(spelled);
    const value = name === VERBATIM ? member : rename(member, spell, twice);
    // By assignment, a member called `__proto__` would become the prototype.
    Object.defineProperty(renamed, spelled, { value, enumerable: true, writable: true, configurable: true });
  }
  return renamed;
}

function camel(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
