const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const WHOLE_DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Hour and minute. */
export const time = (at: number): string => TIME.format(at);
/** The day, written out. */
export const day = (at: number): string => WHOLE_DAY.format(at);
/** Day and second. */
export const exact = (at: number): string => EXACT.format(at);

/** The time of today's, the day of all others. */
export function when(at: number): string {
  return isSameDay(at, Date.now()) ? TIME.format(at) : DAY.format(at);
}

export function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
