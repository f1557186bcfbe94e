import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';

interface Named {
  clientMessageId?: string | null | undefined;
}

/** Gives what has no `clientMessageId` a random one: by it the server knows what it is sent again. */
export function withMessageId<T extends Named>(message: T): T & { clientMessageId: string } {
  // The server takes an empty one for none.
  const clientMessageId = message.clientMessageId || bytesToHex(randomBytes(16));
  return { ...message, clientMessageId };
}
