/** What a body says about itself: the pair's sequence number and the moment it was written. */

/** Bytes of a body. */
export const BODY = 1024;
const MARK = '#bench:';
const SEQUENCE_DIGITS = 10;
const TIME_DIGITS = 16;
const SEQUENCE_AT = MARK.length;
const TIME_AT = SEQUENCE_AT + SEQUENCE_DIGITS + 1;
const STAMP = TIME_AT + TIME_DIGITS + 1;
const FILLER = 'x'.repeat(BODY - STAMP);

/** Milliseconds on this process' monotonic clock, to the microsecond. */
export type Moment = number;

/** The part of a body that changes from message to message; always of the same length. */
export function stamp(sequence: number, at: Moment): string {
  const number = String(sequence).padStart(SEQUENCE_DIGITS, '0');
  const micros = String(Math.round(at * 1000)).padStart(TIME_DIGITS, '0');
  return `${MARK}${number}:${micros}:`;
}

/** A whole body of {@link BODY} bytes. */
export function stampedBody(sequence: number, at: Moment): string {
  return stamp(sequence, at) + FILLER;
}

/**
 * Finds a stamped body in a frame, wherever the server put it, without parsing the frame: the generator
 * shares the machine with what it measures. False when there is none.
 */
export function readStamp(frame: Buffer, found: (sequence: number, at: Moment) => void): boolean {
  const start = frame.indexOf(MARK, 0, 'latin1');
  if (start === -1 || start + STAMP > frame.length) return false;
  const sequence = digits(frame, start + SEQUENCE_AT, SEQUENCE_DIGITS);
  found(sequence, digits(frame, start + TIME_AT, TIME_DIGITS) / 1000);
  return true;
}

function digits(frame: Buffer, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at++) value = value * 10 + ((frame[at] ?? 0) - 48);
  return value;
}
