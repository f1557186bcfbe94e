/** A notification's payload must be shorter than 8,000 bytes. */
const LONGEST = 7_999;
/** Room for the number that a payload begins with. */
const NUMBER = 8;

/** A hint and its topic. */
export interface Addressed {
  readonly topic: string;
  readonly hint: Buffer;
}

/**
 * Packs hints into as few payloads as carry them, in their order: `number,topic:hint,topic:hint,…` in base64,
 * because payloads are text. PostgreSQL drops a payload that repeats another of its transaction; the number
 * keeps them apart.
 * @throws RangeError when one hint with its topic is too long for any payload
 */
export function pack(hints: readonly Addressed[]): string[] {
  const payloads: string[] = [];
  let payload = '';
  for (const { topic, hint } of hints) {
    const entry = `,${Buffer.from(topic).toString('base64')}:${hint.toString('base64')}`;
    if (entry.length > LONGEST - NUMBER) throw new RangeError('a hint is too long for a notification');
    if (payload.length + entry.length > LONGEST) {
      payloads.push(payload);
      payload = '';
    }
    payload = payload === '' ? payloads.length + entry : payload + entry;
  }
  return payload === '' ? payloads : [...payloads, payload];
}

/** Reads what {@link pack} wrote. */
export function unpack(payload: string): Addressed[] {
  const [, ...entries] = payload.split(',');
  return entries.map((entry) => {
    const [topic = '', hint = ''] = entry.split(':');
    return { topic: Buffer.from(topic, 'base64').toString(), hint: Buffer.from(hint, 'base64') };
  });
}
