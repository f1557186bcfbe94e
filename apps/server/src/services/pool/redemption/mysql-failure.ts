import type { Delivery } from './sink.js';

/**
 * Replies after which a statement may have been carried out all the same: the server was shut down, the
 * connection or the statement was ended, or the commit itself failed.
 */
const UNCERTAIN = new Set([
  'ER_SERVER_SHUTDOWN',
  'ER_ERROR_DURING_COMMIT',
  'ER_QUERY_INTERRUPTED',
  'ER_CONNECTION_KILLED',
  'ER_STATEMENT_TIMEOUT',
  'ER_QUERY_TIMEOUT',
  'ER_CLIENT_INTERACTION_TIMEOUT',
]);
/** Silence of the server, before and after it knows who we are. */
const SILENCE = new Set(['ETIMEDOUT', 'PROTOCOL_SEQUENCE_TIMEOUT']);

/** Whether the server itself said no. */
function isReply(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'sqlState' in error && !UNCERTAIN.has(nameOf(error));
}

export function isNamed(error: unknown, name: string): boolean {
  return isReply(error) && nameOf(error) === name;
}

/**
 * What a failed try has done. Silence is never taken for a no.
 * @param asked whether a statement has left this server
 */
export function failed(error: unknown, asked: boolean): Delivery {
  const reason = nameOf(error);
  const no = isReply(error) || (!asked && !SILENCE.has(reason));
  return { outcome: no ? 'refused' : 'unknown', reason };
}

/** The error's name. Never its message: there may be the code in it, or who we are to the database. */
function nameOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? code : 'NO_CONNECTION';
}
