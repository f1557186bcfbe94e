/** Figures and moments as the reader's language writes them. */

const COUNT = new Intl.NumberFormat();
const SHORT = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 3 });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function count(value: number): string {
  return COUNT.format(value);
}

/** With three digits that count: `1.23M`. */
export function short(value: number): string {
  return SHORT.format(value);
}

/** @param ms since 1970 */
export function moment(ms: number): string {
  return MOMENT.format(ms);
}
