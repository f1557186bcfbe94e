import { type CustomTypesConfig, types } from 'pg';

/**
 * How answers are read, the same as on SQLite: whole numbers as numbers, also those that sums make NUMERIC,
 * and bytes as Uint8Array. A number that would lose digits throws.
 */
export const TYPES: CustomTypesConfig = {
  getTypeParser(oid, format) {
    if (format === 'binary') return types.getTypeParser(oid, format);
    switch (oid) {
      case types.builtins.INT8:
        return wholeNumber;
      case types.builtins.NUMERIC:
        return (text: string) => (/^-?[0-9]+$/.test(text) ? wholeNumber(text) : Number(text));
      case types.builtins.BYTEA:
        return bytes;
      default:
        return types.getTypeParser(oid, format);
    }
  },
};

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} from the database is over 2^53-1`);
  return value;
}

/** PostgreSQL writes bytes as `\x` and hex (bytea_output). */
function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.slice(2), 'hex'));
}
