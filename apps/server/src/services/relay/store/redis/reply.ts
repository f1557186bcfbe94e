/** Reads what a function answered. A reply of another form is a fault of ours, hence a TypeError. */

export function list(reply: unknown): unknown[] {
  if (!Array.isArray(reply)) throw unexpected(reply);
  return reply;
}

export function text(reply: unknown): string {
  if (typeof reply !== 'string') throw unexpected(reply);
  return reply;
}

export function integer(reply: unknown): number {
  if (typeof reply !== 'number') throw unexpected(reply);
  return reply;
}

export function binary(reply: unknown): Buffer {
  if (!Buffer.isBuffer(reply)) throw unexpected(reply);
  return reply;
}

export const texts = (reply: unknown): string[] => list(reply).map(text);
export const flag = (reply: unknown): boolean => integer(reply) === 1;

function unexpected(reply: unknown): TypeError {
  return new TypeError(`unexpected reply of type ${typeof reply}`);
}
