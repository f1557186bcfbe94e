import BetterSqlite3 from 'better-sqlite3';
import { Unavailable } from '../../unavailable.js';
import type { Outcome } from '../lane.js';
import { UniqueViolation } from '../unique-violation.js';

/** An error on its way between threads, where classes and codes are lost. */
export type Failure =
  | { kind: 'unique'; rule: string }
  | { kind: 'unavailable'; message: string }
  | { kind: 'error'; message: string; stack: string | undefined };

/** Codes that speak of the file or the disk, not of the statement. */
const FATAL =
  /^SQLITE_(BUSY|LOCKED|NOMEM|READONLY|IOERR|CORRUPT|FULL|CANTOPEN|PROTOCOL|NOTADB|INTERRUPT)(_|$)/;

/** Whether the disk or the file is the matter: full, broken, locked, gone. */
export function isFatal(error: unknown): boolean {
  return error instanceof BetterSqlite3.SqliteError && FATAL.test(error.code);
}

function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { kind: 'error', message: String(error), stack: undefined };
  const { message, stack } = error;
  if (isFatal(error)) return { kind: 'unavailable', message };
  const rule = /^UNIQUE constraint failed: (.*)$/s.exec(message)?.[1];
  if (error instanceof BetterSqlite3.SqliteError && rule !== undefined) return { kind: 'unique', rule };
  return { kind: 'error', message, stack };
}

function fromFailure(failure: Failure): Error {
  if (failure.kind === 'unique') return new UniqueViolation(failure.rule);
  if (failure.kind === 'unavailable') return new Unavailable('the database', new Error(failure.message));
  const error = new Error(failure.message);
  if (failure.stack !== undefined) error.stack = failure.stack;
  return error;
}

/** The outcome as it can be posted to another thread, and back again by {@link revived}. */
export function portable(outcome: Outcome): Outcome<Failure> {
  return outcome.ok ? outcome : { ok: false, error: toFailure(outcome.error) };
}

export function revived(outcome: Outcome<Failure>): Outcome<Error> {
  return outcome.ok ? outcome : { ok: false, error: fromFailure(outcome.error) };
}
