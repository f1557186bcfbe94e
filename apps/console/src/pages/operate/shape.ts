import type { Static, TSchema } from 'typebox';

/**
 * Whether an answer has the shape that the protocol describes. It reads of JSON Schema what shapes are made of:
 * members, items, alternatives, kinds. Bounds and patterns are the server's to keep, and a library that knows them
 * all weighs as much as the rest of the page.
 */
export function hasShape<T extends TSchema>(schema: T, value: unknown): value is Static<T> {
  return fits(schema, value);
}

function fits(schema: unknown, value: unknown): boolean {
  if (!isRecord(schema)) return false;
  if ('const' in schema) return schema.const === value;
  if (Array.isArray(schema.anyOf)) return schema.anyOf.some((each) => fits(each, value));
  switch (schema.type) {
    case 'object':
      return isRecord(value) && hasMembers(schema, value);
    case 'array':
      return Array.isArray(value) && value.every((item) => fits(schema.items, item));
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'null':
      return value === null;
    case undefined:
      // What may be anything.
      return true;
    default:
      return typeof value === schema.type;
  }
}

function hasMembers(schema: Record<string, unknown>, value: Record<string, unknown>): boolean {
  const { properties, patternProperties, required } = schema;
  if (Array.isArray(required) && !required.every((name) => Object.hasOwn(value, String(name)))) return false;
  // Records of the protocol have one kind of member, whatever its name.
  const others = isRecord(patternProperties) ? Object.values(patternProperties)[0] : undefined;
  return Object.entries(value).every(([name, member]) => {
    const own = isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : others;
    return own === undefined || fits(own, member);
  });
}

/** Whether the value is an object with members. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
