/** What the pool's answers and refusals must look like. */
import assert from 'node:assert/strict';
import { type Balance, Win } from '@blindpost/protocol/pool';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import type { PoolWire } from '@blindpost/testbed/wire-pool';
import type { Static } from 'typebox';
import { member, shaped } from '../relay/answers.js';

/** A refusal: the status, the code, `reason` the same code, and the member at fault where there is one. */
export function assertRefused(answer: WireAnswer, status: number, code: string, field?: string): void {
  assert.equal(answer.status, status, String(answer));
  const { error, reason, message, details, ...more } = answer.json;
  assert.equal(error, code, String(answer));
  assert.equal(reason, code, String(answer));
  assert.deepEqual(more, {}, String(answer));
  assert.ok(typeof message === 'string' && message.length > 0, 'a message for people');
  assert.ok(typeof details === 'object' && details !== null, 'details are an object');
  if (field !== undefined) assert.equal(member(details, 'field'), field, String(answer));
}

/** A refusal for now: 429 or 503, and when to come back, in the header as in the details. */
export function assertDelayed(answer: WireAnswer): void {
  assert.ok([429, 503].includes(answer.status), String(answer));
  assertRefused(answer, answer.status, answer.status === 429 ? 'rate_limit_exceeded' : 'unavailable');
  const seconds = Number(answer.headers['retry-after']);
  assert.ok(Number.isInteger(seconds) && seconds >= 1, `Retry-After: ${answer.headers['retry-after']}`);
  assert.equal(member(answer.json.details, 'retryAfter'), seconds);
}

/** Never a failure of the server; every refusal in the one shape. */
export function assertCivil(answer: WireAnswer, what: string): void {
  assert.ok(answer.status >= 200 && answer.status < 500, `${what}: ${answer}`);
  if (answer.status < 400) return;
  const { error, reason, message, details, ...more } = answer.json;
  assert.equal(typeof error, 'string', what);
  // What no route of the pool answered carries no reason.
  if (reason !== undefined) assert.equal(reason, error, what);
  assert.ok(typeof message === 'string' && message.length > 0, what);
  assert.ok(typeof details === 'object' && details !== null && !Array.isArray(details), what);
  assert.deepEqual(more, {}, what);
}

/** A win whose payout is a tenth of what the pool held. */
export function assertWin(answer: WireAnswer): Static<typeof Win> {
  assert.equal(answer.status, 200, String(answer));
  const win = shaped(Win, answer.json);
  assert.deepEqual(Object.keys(answer.json).sort(), [
    'payout_micro',
    'pool_balance_micro',
    'solve_time_ms',
    'status',
  ]);
  assert.ok(win.payout_micro > 0, String(answer));
  assert.equal(win.payout_micro, Math.floor((win.payout_micro + win.pool_balance_micro) / 10));
  return win;
}

export async function assertBalance(miner: PoolWire, pending: number, withdrawn?: number): Promise<void> {
  const answer = await miner.get('/balance');
  assert.equal(answer.status, 200, String(answer));
  const expected: Partial<Balance> = { pending_balance_micro: pending };
  if (withdrawn !== undefined) expected.withdrawn_total_micro = withdrawn;
  for (const [name, value] of Object.entries(expected))
    assert.equal(answer.json[name], value, String(answer));
}
