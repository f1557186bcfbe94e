/** What of a queue, or of one sender's part of it, waits to be acknowledged. */
export type Load = { waiting: number; bytes: number };

/** Bounds of a queue, 0 = none. One sender may have a tenth. */
export type QueueLimits = { envelopes: number; bytes: number };

/** Whose bound is met. */
export type Full = 'queue' | 'sender';

/** Whether a sender could meet its bound with this much in the queue: below, its own part need not be known. */
export function mayExceedShare({ waiting, bytes }: Load, limits: QueueLimits): boolean {
  const { envelopes, bytes: most } = tenth(limits);
  return (envelopes > 0 && waiting > envelopes) || (most > 0 && bytes > most);
}

/** Null when one more envelope of `size` bytes has room. */
export function fullness(queue: Load, share: Load, size: number, limits: QueueLimits): Full | null {
  if (exceeds(queue, size, limits)) return 'queue';
  return exceeds(share, size, tenth(limits)) ? 'sender' : null;
}

function exceeds({ waiting, bytes }: Load, size: number, limits: QueueLimits): boolean {
  return (
    (limits.envelopes > 0 && waiting + 1 > limits.envelopes) ||
    (limits.bytes > 0 && bytes + size > limits.bytes)
  );
}

function tenth({ envelopes, bytes }: QueueLimits): QueueLimits {
  return { envelopes: Math.ceil(envelopes / 10), bytes: Math.ceil(bytes / 10) };
}
