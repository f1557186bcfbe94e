import { text } from '../../text/text.js';
import type { Fault } from './desk.js';

/** What is wrong, in a sentence. */
export function saidOf(fault: Fault): string {
  const words = text.operate;
  if (fault.kind === 'away') return text.shell.unreachable;
  if (fault.kind === 'key') return words.fresh.keyEnded;
  return fault.kind === 'wait' ? words.gate.tooOften(fault.seconds) : words.refused(fault.message);
}
