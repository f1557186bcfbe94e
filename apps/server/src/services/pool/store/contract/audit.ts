import assert from 'node:assert/strict';
import type { Database } from '../../../../platform/sql/database.js';
import { accountId } from '../account.js';
import { type Books, books } from './rows.js';

/**
 * Holds all rows against each other: the accounts sum to zero and follow from the entries, nobody is below zero,
 * each win, withdrawal and code has its entry and no other has one, and each lock points to an open round.
 */
export async function audit(db: Database): Promise<Books> {
  const all = await db.read(books, null);
  accountsFollowFromEntries(all);
  entriesHaveTheirReason(all);
  locksPointToOpenRounds(all);
  return all;
}

function accountsFollowFromEntries({ ledger, accounts, entries }: Books): void {
  assert.deepEqual(
    entries.map(({ id }) => id),
    entries.map((_, index) => index + 1),
    'entries are numbered without a gap',
  );
  assert.equal(ledger[0]?.entries, entries.length);
  const told = new Map<string, number>();
  for (const { debit, credit, amount } of entries) {
    told.set(hex(debit), (told.get(hex(debit)) ?? 0) - amount);
    told.set(hex(credit), (told.get(hex(credit)) ?? 0) + amount);
  }
  for (const { id, kind, balance, withdrawn } of accounts) {
    assert.equal(balance, told.get(hex(id)) ?? 0);
    assert.ok(withdrawn >= 0);
    if (kind === 'mint') assert.ok(balance <= 0);
    else assert.ok(balance >= 0, `${kind} is below zero`);
  }
  assert.equal(sum(accounts.map(({ balance }) => balance)), 0);
}

function entriesHaveTheirReason({ entries, rounds, withdrawals, redemptions }: Books): void {
  const of = (kind: string) =>
    entries.filter((entry) => entry.kind === kind).map(({ ref, amount }) => `${hex(ref)} ${amount}`);
  const told = (rows: readonly { id: Uint8Array; amount: number | null }[]) =>
    rows.flatMap(({ id, amount }) => (amount === null || amount === 0 ? [] : [`${hex(id)} ${amount}`]));
  const rejected = withdrawals.filter(({ status }) => status === 'rejected');
  assert.deepEqual(
    of('payout').sort(),
    told(rounds.map(({ id, payout }) => ({ id, amount: payout }))).sort(),
  );
  assert.deepEqual(of('withdrawal').sort(), told(withdrawals).sort());
  assert.deepEqual(of('rejection').sort(), told(rejected).sort());
  assert.deepEqual(of('redemption').sort(), told(redemptions).sort());
}

function locksPointToOpenRounds({ rounds, locks }: Books): void {
  const open = rounds.filter(({ status }) => status === 'open');
  assert.equal(new Set(open.map(({ track }) => track)).size, open.length, 'one open round per track');
  for (const { id, locks: counted } of open) {
    assert.equal(locks.filter(({ round }) => hex(round) === hex(id)).length, counted);
  }
  assert.equal(locks.length, sum(open.map(({ locks }) => locks)), 'no lock to a round that is over');
}

/** Balance of a house account as it is written. */
export function houseBalance({ accounts }: Books, name: 'pool' | 'mint' | 'paid_out' | 'redeemed'): number {
  return accounts.find(({ id }) => hex(id) === hex(accountId(name)))?.balance ?? Number.NaN;
}

export function hex(bytes: Uint8Array | null): string {
  return bytes === null ? '' : Buffer.from(bytes).toString('hex');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
