/**
 * Thrown by a store or bus adapter whose backing server does not answer. Commands do not catch it:
 * the edge answers 503, so nothing fails open while a store is away.
 */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
  constructor(part: string, cause?: unknown) {
    super(`${part} does not answer`, { cause });
  }
}
