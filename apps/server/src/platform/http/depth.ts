/** Whether objects and arrays nest deeper than `bound`: too deep to be walked by recursion, ours or a recipient's. */
export function isTooDeep(value: unknown, bound: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (bound <= 0) return true;
  return Object.values(value).some((member) => isTooDeep(member, bound - 1));
}
