/**
 * What instances tell each other about one identity, on its topic. One byte of kind, then the rest.
 * Hints about the mailbox carry nothing: the store is asked. Only what is never stored travels in full.
 */
export type Hint =
  /** Something was queued. */
  | { kind: 'mail' }
  /** A newer login than this one exists on some instance. */
  | { kind: 'login'; login: number }
  /** The key's owner showed up: sockets admitted by work must go. */
  | { kind: 'owned' }
  /** The identity was burned. */
  | { kind: 'burned' }
  /** A frame that is never stored: JSON text without padding. */
  | { kind: 'frame'; json: Buffer };

const CODES = { mail: 109, login: 108, owned: 111, burned: 98, frame: 102 } as const;

export function encodeHint(hint: Hint): Buffer {
  const code = CODES[hint.kind];
  if (hint.kind === 'frame') return Buffer.concat([Buffer.of(code), hint.json]);
  if (hint.kind === 'login') return Buffer.from(`${String.fromCharCode(code)}${hint.login}`);
  return Buffer.of(code);
}

/** Null for bytes of a newer version's kind, which an older instance must survive. */
export function decodeHint(bytes: Buffer): Hint | null {
  const rest = bytes.subarray(1);
  switch (bytes[0]) {
    case CODES.mail:
      return { kind: 'mail' };
    case CODES.login: {
      const login = Number(rest.toString('latin1'));
      return Number.isSafeInteger(login) ? { kind: 'login', login } : null;
    }
    case CODES.owned:
      return { kind: 'owned' };
    case CODES.burned:
      return { kind: 'burned' };
    case CODES.frame:
      return { kind: 'frame', json: rest };
    default:
      return null;
  }
}

/** Topic of an identity; the braces put it into the cluster slot of the identity's keys. */
export function topicOf(name: string): string {
  return `relay:{${name}}`;
}
