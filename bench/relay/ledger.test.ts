import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Ledger } from './ledger.js';

function ledgerOf(order: readonly number[], sent: number): Ledger {
  const ledger = new Ledger(100, sent);
  for (let n = 0; n < sent; n++) {
    ledger.sent += 1;
    ledger.answer(null);
  }
  for (const sequence of order) ledger.receive(100 + sequence, 1, 2);
  return ledger;
}

describe('ledger', () => {
  test('messages in order are neither lost nor inverted', () => {
    const ledger = ledgerOf([0, 1, 2, 3], 4);
    assert.deepEqual([ledger.received, ledger.undelivered, ledger.inversions], [4, 0, 0]);
  });

  test('a missing message is undelivered and does not count as an inversion', () => {
    const ledger = ledgerOf([0, 2, 3], 4);
    assert.deepEqual([ledger.received, ledger.undelivered, ledger.inversions], [3, 1, 0]);
  });

  test('a message overtaken by a later one is one inversion', () => {
    assert.equal(ledgerOf([0, 2, 1, 3], 4).inversions, 1);
    assert.equal(ledgerOf([3, 0, 1, 2], 4).inversions, 3);
  });

  test('a message that comes twice is received once', () => {
    const ledger = ledgerOf([0, 1, 1, 0, 2], 3);
    assert.deepEqual([ledger.received, ledger.duplicates, ledger.inversions], [3, 2, 0]);
    assert.equal(ledger.latencies.length, 3);
  });

  test('what belongs to an earlier phase is not looked at', () => {
    const ledger = ledgerOf([-1, 0], 1);
    assert.deepEqual([ledger.received, ledger.duplicates, ledger.inversions], [1, 0, 0]);
  });

  test('a refused message is answered and not awaited', () => {
    const ledger = new Ledger(0, 2);
    ledger.sent = 2;
    ledger.answer('ERR_QUEUE_FULL');
    assert.deepEqual([ledger.unanswered, ledger.undelivered, ledger.open], [1, 1, 1]);
    assert.deepEqual([...ledger.refused], [['ERR_QUEUE_FULL', 1]]);
  });

  test('any order without doubles and gaps receives all, and only sorted ones have no inversion', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 8 }), (order) => {
        const ledger = ledgerOf(order, 8);
        assert.equal(ledger.undelivered, 0);
        const sorted = order.every((sequence, at) => sequence === at);
        assert.equal(ledger.inversions === 0, sorted);
      }),
    );
  });
});
