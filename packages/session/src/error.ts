/** What this package refuses, and what it says to people. */
const MESSAGES = {
  bad_bundle: 'The bundle is not one that a session can be begun with.',
  bad_key: 'A key has the wrong length or is no point of its curve.',
  bad_message: 'The message is not of this format, not for this session, or was changed on its way.',
  bad_signature: 'A signature does not hold.',
  bad_state: 'The stored state is not one that this version wrote.',
  no_session: 'There is no session that could send.',
  replayed: 'This message was read before.',
  too_far: 'More messages are missing before this one than a session keeps keys for.',
  too_long: 'The plaintext is longer than a message may be.',
  too_many: 'More keys were asked for than are made at once.',
  unknown_prekey: 'The message was made with a prekey whose secret is gone.',
  pq_required: 'A post-quantum prekey is required, and there is none.',
  wrong_identity: 'The keys or the message belong to another identity.',
  exhausted: 'A chain has counted to its end.',
} as const satisfies Record<string, string>;

export type SessionErrorCode = keyof typeof MESSAGES;

/** The one error of this package. Branch on `code`; `field` names what is at fault, where that is known. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  readonly field: string | undefined;

  constructor(code: SessionErrorCode, field?: string) {
    super(field === undefined ? MESSAGES[code] : `${MESSAGES[code]} (${field})`);
    this.code = code;
    this.field = field;
  }
}
