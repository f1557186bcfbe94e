/**
 * The honest miner, in a process of its own and on an address of its own: finds nonces of the cheap track and
 * submits them until the parent says stop. Answers the time of each win, and what came instead of one.
 */
import { randomBytes } from 'node:crypto';
import { openTrack } from '@blindpost/pow/tracks';
import { Connection } from './http.js';

const [url = '', cheap = ''] = process.argv.slice(2);
const wins: number[] = [];
const lost: Record<string, number> = {};
let stopped = false;
process.once('message', () => {
  stopped = true;
});

process.send?.('ready');
const connection = new Connection(url, '127.0.2.1');
while (!stopped) {
  // Tokens are free: a new one until it is given the track.
  const token = `bp_${randomBytes(32).toString('base64url')}`;
  const { track, round_id, params } = Object((await connection.send('/pool/challenge', { token })).body);
  if (track !== cheap) continue;
  const nonce = await solve(params);
  const body = { track, round_id, proof: { nonce } };
  const answer = await connection.send('/pool/submit', { token, body });
  const outcome = answer.status === 200 ? String(Object(answer.body).status) : String(answer.status);
  if (outcome === 'win') wins.push(answer.ms);
  else lost[outcome] = (lost[outcome] ?? 0) + 1;
}
connection.close();
process.send?.({ wins, lost }, () => process.disconnect());

async function solve(params: unknown): Promise<string> {
  const engine = await openTrack('CPU_HASH', params, 'simd');
  for (;;) {
    const nonce = engine.step();
    if (nonce !== undefined) return nonce;
  }
}
