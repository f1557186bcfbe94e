/** The first byte of everything that leaves memory. */
export const VERSION = 1;

/** The second byte: what it is. */
export const FORMAT = {
  message: 1,
  preKeyMessage: 2,
  classicPreKeyMessage: 3,
  sealed: 4,
  groupMessage: 5,
  distribution: 6,
  conversation: 16,
  preKeys: 17,
  senderKey: 18,
  senderKeyReceiver: 19,
} as const;

export type Format = (typeof FORMAT)[keyof typeof FORMAT];
