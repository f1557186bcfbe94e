import { DatabaseError } from 'pg';
import { Unavailable } from '../../unavailable.js';
import { UniqueViolation } from '../unique-violation.js';

/** Serialization failure and deadlock: the same transaction may succeed when it is tried again. */
const CONFLICT = /^(40001|40P01)$/;

/**
 * SQLSTATE codes and classes that speak of the server, not of the statement: lost transactions (40),
 * connections (08), a full disk or memory (53), shutdowns and timeouts (57), I/O (58), faults of its own (XX),
 * a standby (25006), ended idle transactions (25P0x), locks (55P03).
 */
const FATAL = /^(08|40|53|57|58|XX|25006|25P0[34]|55P03)/;

/** The server answers, but refuses who asks: credentials (28), rights (42501), no such database (3D). */
const REFUSED = /^(28|3D|42501)/;

export function isConflict(error: unknown): boolean {
  return error instanceof DatabaseError && CONFLICT.test(error.code ?? '');
}

/** Whether the server or the whole transaction is the matter, not one input. */
export function isFatal(error: unknown): boolean {
  if (error instanceof Unavailable) return true;
  return error instanceof DatabaseError && FATAL.test(error.code ?? '');
}

export function isRefusal(error: unknown): error is DatabaseError {
  return error instanceof DatabaseError && REFUSED.test(error.code ?? '');
}

/** What a caller shall see. */
export function visibleFailure(error: unknown): unknown {
  if (error instanceof Unavailable) return error;
  if (isFatal(error)) return new Unavailable('the database', error);
  if (error instanceof DatabaseError && error.code === '23505') {
    return new UniqueViolation(error.constraint ?? error.table ?? 'a unique column');
  }
  // Its `detail` quotes the row, which no log may show.
  if (error instanceof DatabaseError) return new Error(error.message);
  return error;
}
