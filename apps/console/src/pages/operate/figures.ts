/** How figures are written. */
const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

const SIZES = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

export const NOTHING = '–';

/** A whole number in full; what is not known is a dash. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? NOTHING : whole.format(value);
}

/** As short as a figure on an axis. */
export function brief(value: number): string {
  return value < 10 ? fine.format(value) : short.format(value);
}

export function bytes(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  const step = value < 1 ? 0 : Math.min(SIZES.length - 1, Math.floor(Math.log2(value) / 10));
  return `${fine.format(value / 1_024 ** step)} ${SIZES[step]}`;
}

export function millis(value: number | null): string {
  if (value === null) return NOTHING;
  return value < 1_000 ? `${fine.format(value)} ms` : `${fine.format(value / 1_000)} s`;
}

/** Micro as units. */
export function units(micro: number | null | undefined): string {
  return micro === null || micro === undefined
    ? NOTHING
    : new Intl.NumberFormat('en', { maximumFractionDigits: 6 }).format(micro / 1e6);
}

/** The two largest parts of a span. */
export function span(seconds: number): string {
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = Math.max(
    0,
    parts.findIndex(([value]) => value > 0),
  );
  const told = first === 0 && (parts[0]?.[0] ?? 0) === 0 ? parts.slice(-1) : parts.slice(first, first + 2);
  return told.map(([value, unit]) => `${value}${unit}`).join(' ');
}

/** `used` with its bound; 0 = none. */
export function ofBound(used: string, bound: string, is: number): string {
  return is === 0 ? used : `${used} / ${bound}`;
}

/** A moment in the reader's own time. */
export function moment(time: number | string): string {
  return new Date(time).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
}
