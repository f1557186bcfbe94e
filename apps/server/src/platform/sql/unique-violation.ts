/** A write would have repeated what must be unique. `rule` names the columns or the index that say so. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
  constructor(readonly rule: string) {
    super(`${rule} is taken`);
  }
}
