/** ISO-8601 in UTC, as times stand on the wire. `ms` since the epoch. */
export function isoTime(ms: number): string {
  return dateOf(ms).toISOString();
}

/** For libraries that want time so. */
export function dateOf(ms: number): Date {
  return new Date(ms);
}

const FIRST = Date.parse('0000-01-01T00:00:00.000Z');
const LAST = Date.parse('9999-12-31T23:59:59.999Z');
const RFC3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Milliseconds since the epoch of a time with an offset (RFC 3339), finer digits cut; null when it is none. */
export function parseTime(text: string): number | null {
  const [, day, time, fraction = '', zone] = RFC3339.exec(text) ?? [];
  if (day === undefined || time === undefined || zone === undefined) return null;
  // A day or an hour that there is not is carried over by Date instead of refused.
  const local = Date.parse(`${day}T${time}.000Z`);
  if (Number.isNaN(local) || !isoTime(local).startsWith(`${day}T${time}`)) return null;
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const utc = Date.parse(`${day}T${time}.000${zone}`) + ms;
  // Beyond, the year has more than the four digits it is written with.
  return utc >= FIRST && utc <= LAST ? utc : null;
}
