import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { type AuditEntry, auditText } from '@blindpost/protocol/identity';
import { BEGINNING, checkChain } from './chain.js';

function trail(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  let previousHash = BEGINNING.hash;
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const at = '2026-01-01T00:00:00.000Z';
    const said = {
      sequence,
      at,
      event: 'attester_added' as const,
      subject: 'a',
      details: { index: sequence },
    };
    const hash = createHash('sha256')
      .update(auditText({ ...said, previousHash }))
      .digest('hex');
    entries.push({ ...said, previousHash, hash });
    previousHash = hash;
  }
  return entries;
}

test('a whole trail holds from its beginning, and a part of it from where it goes on', async () => {
  const entries = trail(5);
  const last = { sequence: 5, hash: entries[4]?.hash };
  assert.deepEqual(await checkChain(entries, BEGINNING), { ok: true, last });
  assert.deepEqual(await checkChain(entries.slice(3), null), { ok: true, last });
});

test('an entry that was changed, left out or moved is found', async () => {
  for (const [broken, change] of [
    [3, (e: AuditEntry[]) => e.with(2, { ...trail(3)[2], subject: 'b' } as AuditEntry)],
    [3, (e: AuditEntry[]) => e.toSpliced(1, 1)],
    [2, (e: AuditEntry[]) => e.toSpliced(0, 1)],
  ] as const) {
    assert.deepEqual(await checkChain(change(trail(5)), BEGINNING), { ok: false, sequence: broken });
  }
});
