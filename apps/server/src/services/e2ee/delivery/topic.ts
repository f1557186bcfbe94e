/** What instances tell each other of one account. */
export const HINT = {
  /** Something new lies in its queue. */
  mail: Buffer.from('m'),
  /** Its one-time prekeys are running out. */
  low: Buffer.from('l'),
} as const;

export function topicOf(accountId: string): string {
  return `e2ee:${accountId}`;
}
