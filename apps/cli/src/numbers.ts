import { InvalidArgumentError } from 'commander';

/** Reads an argument that is a whole number within bounds. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < min || value > max)
      throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** Reads an argument that is a number above zero. */
export function positive(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(value > 0 && value <= max))
      throw new InvalidArgumentError(`It must be a number above 0, at most ${max}.`);
    return value;
  };
}

/** A count or a rate with three digits, such as 13.4 M. */
export function short(value: number): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  const scaled = value / 1000 ** power;
  const digits = power === 0 && Number.isInteger(value) ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  return `${scaled.toFixed(digits)}${['', ' k', ' M', ' G', ' T'][power]}`;
}
