import assert from 'node:assert/strict';
import { createHash, randomInt } from 'node:crypto';
import { before, test } from 'node:test';
import {
  AttesterProof,
  Attesters,
  type AuditEntry,
  AuditTrail,
  auditText,
  Leaves,
  RegisterAttesterAnswer,
  RegistryState,
} from '@blindpost/protocol/identity';
import { deferred } from '@blindpost/testbed/wire-deferred';
import type { IdentityWire } from '@blindpost/testbed/wire-identity';
import { attesterLeaf } from '@blindpost/zk/attester';
import { entityTypeByCode, typeMask } from '@blindpost/zk/entity-types';
import { rootOf, rootOfPath, treeOf } from '@blindpost/zk/registry';
import { assertOk } from '../relay/answers.js';
import { joinHouse } from './house.js';
import { ADMIN, onEveryStage, SCALE } from './stage.js';

const ROUNDS = Math.max(3, Math.round(50 * SCALE));
const WRITERS = 6;

/** Tree, rows, root and audit trail, asked for by the wire, tell one story. Answers the trail. */
async function assertSound(wire: IdentityWire): Promise<AuditEntry[]> {
  const leaves: string[] = [];
  for (let more = true; more; ) {
    const answer = await wire.get(
      `/registry/leaves${leaves.length > 0 ? `?after=${leaves.length - 1}` : ''}`,
    );
    leaves.push(...assertOk(answer, Leaves).leaves.map(({ leaf }) => leaf));
    more = answer.headers['x-has-more'] === 'true';
  }
  const { root, attestersCount } = assertOk(await wire.get('/registry'), RegistryState);
  assert.equal(rootOf(treeOf(leaves.map(BigInt))).toString(), root, 'the root is that of the leaves');

  const { attesters } = assertOk(await wire.get('/registry/attesters'), Attesters);
  assert.equal(attesters.length, attestersCount);
  const expected = leaves.map(() => '0');
  for (const { index, publicKeyX, publicKeyY, types } of attesters) {
    const mask = typeMask(types.map((code) => entityTypeByCode(code) ?? assert.fail()));
    const publicKey = { x: BigInt(publicKeyX), y: BigInt(publicKeyY) };
    expected[index] = attesterLeaf(publicKey, mask).toString();
  }
  assert.deepEqual(leaves, expected, 'the leaves are those of the attesters');
  const last = attesters.at(-1);
  if (last !== undefined) {
    const path = assertOk(await wire.get(`/registry/attesters/${last.id}/proof`), AttesterProof);
    const { leaf, pathElements, pathIndices } = path;
    const top = rootOfPath(BigInt(leaf), { pathElements: pathElements.map(BigInt), pathIndices });
    assert.equal(top.toString(), root);
  }

  const entries: AuditEntry[] = [];
  for (let more = true; more; ) {
    const answer = await wire.get(`/admin/audit?after=${entries.length}`, { key: ADMIN });
    entries.push(...assertOk(answer, AuditTrail).entries);
    more = answer.headers['x-has-more'] === 'true';
  }
  let previousHash = '0'.repeat(64);
  const approved = new Set<string>();
  for (const [at, entry] of entries.entries()) {
    assert.equal(entry.sequence, at + 1);
    assert.equal(entry.previousHash, previousHash);
    assert.equal(entry.hash, createHash('sha256').update(auditText(entry)).digest('hex'));
    previousHash = entry.hash;
    if (entry.event === 'attester_added') approved.add(entry.subject);
    if (entry.event === 'attester_revoked') approved.delete(entry.subject);
  }
  assert.deepEqual(attesters.map(({ id }) => id).sort(), [...approved].sort());
  assert.equal(entries.findLast(({ details }) => 'root' in details)?.details.root, root);
  return entries;
}

await onEveryStage(
  'kill -9',
  (stage) => {
    before(() => joinHouse(stage.wire));

    test(`${ROUNDS} kills during registry changes: what was answered is there, and all parts agree`, async () => {
      let unanswered = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const added = new Map<string, string>();
        const asked = new Set<string>();
        const gone = new Set<string>();
        let done = 0;
        const { promise: busy, resolve: enough } = deferred<void>();
        const count = randomInt(1, 24);
        const tick = () => {
          done += 1;
          if (done === count) enough();
        };
        const { wire } = stage;
        const write = async (writer: number) => {
          for (let n = 0; ; n += 1) {
            const id = `r${round}-w${writer}-${n}`;
            asked.add(id);
            const answer = await wire.register({ id, name: id, allowedTypes: ['AI.CA'] }).catch(() => null);
            if (answer === null || answer.status === 503) return;
            added.set(id, assertOk(answer, RegisterAttesterAnswer).registryRoot);
            tick();
            if (n % 3 !== 1) continue;
            asked.delete(id);
            const revoked = await wire.revoke(id).catch(() => null);
            if (revoked === null || revoked.status === 503) return;
            assert.equal(revoked.status, 200, String(revoked));
            gone.add(id);
            added.delete(id);
            tick();
          }
        };
        const killed = busy
          .then(() => new Promise((resolve) => setTimeout(resolve, randomInt(10))))
          .then(() => stage.restart('kill'));
        await Promise.all([...Array.from({ length: WRITERS }, (_, writer) => write(writer)), killed]);

        const entries = await assertSound(stage.wire);
        const told = (event: string) =>
          new Set(entries.filter((entry) => entry.event === event).map(({ subject }) => subject));
        const { attesters } = assertOk(await stage.wire.get('/registry/attesters'), Attesters);
        const present = new Set(attesters.map(({ id }) => id));
        for (const id of added.keys()) {
          // Its revocation may have been asked for, and not answered.
          if (asked.has(id)) assert.ok(present.has(id), `${id} was answered and is gone`);
          assert.ok(told('attester_added').has(id));
        }
        for (const id of gone) {
          assert.ok(!present.has(id), `${id} was revoked and is there`);
          assert.ok(told('attester_revoked').has(id));
        }
        unanswered += [...asked].filter((id) => !added.has(id)).length;
        for (const id of present)
          if (id.startsWith('r')) assert.equal((await stage.wire.revoke(id)).status, 200);
      }
      assert.ok(unanswered > 0, 'some kills came between a change and its answer');
    });
  },
  { stages: ['sqlite', 'postgres'] },
);
