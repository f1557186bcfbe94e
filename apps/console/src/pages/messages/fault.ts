import { text } from '../../text/text.js';
import { Refusal } from './model/mailbox.js';

/** What a code says to people. */
export function wordsOf(code: string): string {
  const known = Object.entries(text.messages.faults).find(([name]) => name === code);
  return known?.[1] ?? text.messages.fault(code);
}

/** The same of what was thrown. */
export function faultOf(error: unknown): string {
  return wordsOf(error instanceof Refusal ? error.code : 'unknown');
}
