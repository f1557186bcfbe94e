/** Money as people write it: units with up to six decimals, for whole numbers of micro (millionths). */

const MICRO = 1_000_000;
const WRITTEN = /^(\d{1,10})(?:\.(\d{1,6}))?$/;

/** `1234500` is `1.2345`. */
export function unitsOf(micro: number): string {
  const fraction = String(micro % MICRO)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const whole = String(Math.floor(micro / MICRO));
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** What was typed, as micro and exact; undefined when it is no amount, or nothing at all. */
export function microOf(units: string): number | undefined {
  const found = WRITTEN.exec(units.trim());
  if (found === null) return undefined;
  const [, whole = '', fraction = ''] = found;
  const micro = Number(whole) * MICRO + Number(fraction.padEnd(6, '0'));
  return Number.isSafeInteger(micro) && micro > 0 ? micro : undefined;
}
