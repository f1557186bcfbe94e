import { BASE_MODULUS } from '../field/modulus.js';
import { parseNumber } from '../field/parse.js';
import { type Extension, type G1Point, type G2Point, isOnCurve, isOnTwist } from './points.js';
import { type Fault, fault, type Reading } from './reading.js';

/** Reads `[x, y, "1"]`. Other third coordinates would be other spellings of a point, or infinity, which proves nothing. */
export function readG1(value: unknown, field: string): Reading<G1Point> {
  const numbers = readNumbers(value, 3, field);
  if (!numbers.ok) return numbers;
  const [x = 0n, y = 0n, z] = numbers.value;
  if (z !== 1n) return fault(`${field}.2`, 'must be 1');
  const point = { x, y };
  return isOnCurve(point) ? { ok: true, value: point } : fault(field, 'must be a point of the curve');
}

/** Reads `[[x0, x1], [y0, y1], ["1", "0"]]`. */
export function readG2(value: unknown, field: string): Reading<G2Point> {
  const parts = readList(value, 3, field);
  if (!parts.ok) return parts;
  const read: Extension[] = [];
  for (const [i, part] of parts.value.entries()) {
    const numbers = readNumbers(part, 2, `${field}.${i}`);
    if (!numbers.ok) return numbers;
    const [a = 0n, b = 0n] = numbers.value;
    read.push([a, b]);
  }
  const [x = [0n, 0n], y = [0n, 0n], z] = read;
  if (z?.[0] !== 1n || z[1] !== 0n) return fault(`${field}.2`, 'must be 1 and 0');
  const point = { x, y };
  return isOnTwist(point) ? { ok: true, value: point } : fault(field, 'must be a point of the curve');
}

function readNumbers(value: unknown, length: number, field: string): Reading<bigint[]> {
  const list = readList(value, length, field);
  if (!list.ok) return list;
  return readElements(list.value, BASE_MODULUS, field);
}

/** Reads every text of a list as a number below the modulus. */
export function readElements(list: readonly unknown[], modulus: bigint, field: string): Reading<bigint[]> {
  const elements: bigint[] = [];
  for (const [i, text] of list.entries()) {
    const element = parseNumber(text, modulus);
    if (element === undefined) return notElement(`${field}.${i}`);
    elements.push(element);
  }
  return { ok: true, value: elements };
}

export function readList(value: unknown, length: number, field: string): Reading<readonly unknown[]> {
  if (!Array.isArray(value)) return fault(field, value === undefined ? 'is required' : 'must be an array');
  return value.length === length ? { ok: true, value } : fault(field, `must have ${length} members`);
}

function notElement(field: string): Fault {
  return fault(field, 'must be a decimal or 0x hex number, as text, below the field modulus');
}
