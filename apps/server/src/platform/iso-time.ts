/** ISO-8601 in UTC, as times stand on the wire. `ms` since the epoch. */
export function isoTime(ms: number): string {
  return dateOf(ms).toISOString();
}

/** For libraries that want time so. */
export function dateOf(ms: number): Date {
  return new Date(ms);
}
