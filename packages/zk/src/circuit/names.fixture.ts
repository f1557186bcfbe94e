import { type Constraint, wiresOf } from './r1cs.fixture.js';

/** Wires that are named one by one; of more, the component is told that they are all in. */
const MAX_NAMED = 4;

/**
 * The names of the wires of a circuit that was not simplified, as its sources give them: without `main`, and a template
 * used without a name of its own stands for it (the second one of a kind as `BabyCheck2`).
 */
export function readNames(sym: Uint8Array): string[] {
  const names = [''];
  const kinds = new Map<string, string[]>();
  for (const line of new TextDecoder().decode(sym).trim().split('\n')) {
    const [, wire = '', , name = ''] = line.split(',');
    const parts: string[] = [];
    for (const part of name.split('.').slice(1)) parts.push(named(parts.join('.'), part));
    names[Number(wire)] = parts.join('.');
  }
  return names;

  function named(parent: string, part: string): string {
    const [, template, place = ''] = /^(\w+?)_\d+_\d+(\[\d+\])?$/.exec(part) ?? [];
    if (template === undefined) return part;
    // In a loop there is one of each index.
    if (place !== '') return `${template}${place}`;
    const siblings = kinds.get(`${parent}.${template}`) ?? [];
    if (!siblings.includes(part)) kinds.set(`${parent}.${template}`, siblings.concat(part));
    const nth = siblings.includes(part) ? siblings.indexOf(part) : siblings.length;
    return nth === 0 ? template : `${template}${nth + 1}`;
  }
}

/** Which constraint this is: its few wires, or the component of its many. */
export function describe(constraint: Constraint, names: readonly string[]): string {
  const wires = Array.from(wiresOf(constraint), (wire) => names[wire] ?? '').sort();
  if (wires.length <= MAX_NAMED) return wires.join(' ');
  const [first = '', last = ''] = [wires[0], wires.at(-1)];
  let common = 0;
  while (common < first.length && first[common] === last[common]) common++;
  return `${first.slice(0, common).replace(/[.[]?$/, '')} …`;
}
