/** A JSON object, as far as one can know before looking at its members. */
export type JsonRecord = { [member: string]: unknown };

/** Whether parsed JSON is an object: what a server sends is checked, never trusted. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses a JSON object; undefined for anything else. */
export function parseRecord(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
