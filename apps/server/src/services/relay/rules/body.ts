import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { RelayFrame } from '@blindpost/protocol/relay';

const BODY_MEMBERS = ['body', 'data', 'content', 'bundle'] as const;

/**
 * What the recipient gets as `payload`: the one body member, or for a fragment its numbers and its body
 * together, since they mean nothing apart.
 */
export function payloadOf(frame: RelayFrame): { ok: true; payload: unknown } | Refusal {
  const given = BODY_MEMBERS.filter((member) => frame[member] !== undefined && frame[member] !== null);
  const [member, extra] = given;
  if (extra !== undefined)
    return refuse('ERR_MALFORMED', { field: extra }, `${member} and ${extra} exclude each other.`);
  const { fragmentId, index, total } = frame;
  if (fragmentId !== undefined || index !== undefined || total !== undefined) {
    if (fragmentId === undefined || index === undefined || total === undefined || index >= total) {
      return refuse(
        'ERR_MALFORMED',
        { field: 'index' },
        'A fragment needs fragmentId, index and total, index below total.',
      );
    }
    const part = member === undefined ? {} : { [member]: frame[member] };
    return { ok: true, payload: { fragmentId, index, total, ...part } };
  }
  if (member === undefined) return refuse('ERR_MALFORMED', { field: 'body' }, 'body is required.');
  return { ok: true, payload: frame[member] };
}
