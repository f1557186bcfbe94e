/**
 * The flood, in a process of its own: connections from addresses of their own, each with a token whose challenge
 * is the dear track, submit nonces that win nothing, one after the other, until the parent says stop.
 * Answers counts by outcome.
 */
import { randomBytes } from 'node:crypto';
import { Connection } from './http.js';

const [url = '', track = '', connections = ''] = process.argv.slice(2);
const outcomes: Record<string, number> = {};
let stopped = false;
process.once('message', () => {
  stopped = true;
});

process.send?.('ready');
await Promise.all(Array.from({ length: Number(connections) }, (_, at) => flood(`127.0.1.${1 + (at % 250)}`)));
process.send?.(outcomes, () => process.disconnect());

async function flood(address: string): Promise<void> {
  const connection = new Connection(url, address);
  let { token, round } = await assigned(connection);
  while (!stopped) {
    const body = { track, round_id: round, proof: { nonce: randomBytes(16).toString('hex') } };
    const answer = await connection.send('/pool/submit', { token, body });
    const { status = answer.status } = Object(answer.body);
    outcomes[status] = (outcomes[status] ?? 0) + 1;
    // The round is over: the next one is to be verified, too.
    if (status === 'too_late') ({ token, round } = await assigned(connection));
  }
  connection.close();
}

/** Tokens are free: new ones until one is given the track. */
async function assigned(connection: Connection): Promise<{ token: string; round: string }> {
  while (!stopped) {
    const token = `bp_${randomBytes(32).toString('base64url')}`;
    const { body } = await connection.send('/pool/challenge', { token });
    const challenge = Object(body);
    if (challenge.track === track) return { token, round: String(challenge.round_id) };
  }
  return { token: '', round: '' };
}
