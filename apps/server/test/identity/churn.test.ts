/**
 * The registry under load. Whether a root stands is told by `POST /verify` before the proof is looked at, so that a
 * false proof tells it as well as a true one: `proof_invalid` where it stands, `root_mismatch` where it does not.
 */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import {
  AttesterProof,
  Leaves,
  RegisterAttesterAnswer,
  RegistryState,
  RevokeAttesterAnswer,
} from '@blindpost/protocol/identity';
import type { IdentityWire } from '@blindpost/testbed/wire-identity';
import { rootOf, rootOfPath, treeOf } from '@blindpost/zk/registry';
import { assertOk } from '../relay/answers.js';
import { HOUSE_ROOT, joinHouse } from './house.js';
import { onEveryStage, SCALE } from './stage.js';

/** The generators of both groups: points that can be read, and prove nothing. */
const FALSE_PROOF = {
  pi_a: ['1', '2', '1'],
  pi_b: [
    [
      '10857046999023057135944570762232829481370756359578518086990519993285655852781',
      '11559732032986387107991004021392285783925812861821192530917403151452391805634',
    ],
    [
      '8495653923123431417604973247489272438418190587263600148770280649306958101930',
      '4082367875863433681332203403145435568316851327593401208105741076214120093531',
    ],
    ['1', '0'],
  ],
  pi_c: ['1', '2', '1'],
  protocol: 'groth16',
};

/** Whether proofs may stand on the root, as this server says. */
async function stands(wire: IdentityWire, root: string): Promise<boolean> {
  const answer = await wire.verify({ proof: FALSE_PROOF, publicSignals: ['1', '2', '257', root, '3'] });
  assert.equal(answer.status, 400, String(answer));
  assert.ok(answer.json.error === 'proof_invalid' || answer.json.error === 'root_mismatch', String(answer));
  return answer.json.error === 'proof_invalid';
}

const ROUNDS = Math.max(6, Math.round(60 * SCALE));
const WRITERS = 4;

await onEveryStage('a registry in motion', (stage) => {
  before(() => joinHouse(stage.wire));

  function reached({ leaf, pathElements, pathIndices }: AttesterProof): string {
    return rootOfPath(BigInt(leaf), { pathElements: pathElements.map(BigInt), pathIndices }).toString();
  }

  test('every path that was handed out stays good while others come, and none of a revoked one', async () => {
    /** Paths by attester, and the attesters that are gone. */
    const issued: { id: string; root: string }[] = [];
    const revoked = new Set<string>();
    let running = true;

    const write = async (writer: number) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const wire = stage.nth(writer + round);
        const id = `busy-${writer}-${round}`;
        const added = await wire.register({ id, name: id, allowedTypes: ['AI.CA'] });
        assertOk(added, RegisterAttesterAnswer);
        const path = assertOk(await stage.nth(round).get(`/registry/attesters/${id}/proof`), AttesterProof);
        // At one moment: leaf, path and root belong together.
        assert.equal(reached(path), path.root);
        issued.push({ id, root: path.root });
        if (round % 3 !== 2) continue;
        assertOk(await wire.revoke(id), RevokeAttesterAnswer);
        revoked.add(id);
        // At once, everywhere: the answer to the revocation is there.
        for (const each of stage.wires) assert.equal(await stands(each, path.root), false);
      }
    };
    const read = async () => {
      for (let n = 0; running; n += 1) {
        const wire = stage.nth(n);
        const { root, leaves } = assertOk(await wire.get('/registry/leaves'), Leaves);
        assert.equal(rootOf(treeOf(leaves.map(({ leaf }) => BigInt(leaf)))).toString(), root);
        const path = assertOk(await wire.get('/registry/attesters/house/proof'), AttesterProof);
        assert.equal(reached(path), path.root);
      }
    };
    const readers = [read(), read()];
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer))).finally(() => {
      running = false;
    });
    await Promise.all(readers);

    const { leaves } = assertOk(await stage.wire.get('/registry/leaves'), Leaves);
    const { root, attestersCount } = assertOk(await stage.wire.get('/registry'), RegistryState);
    assert.equal(leaves.length, 1 + WRITERS * ROUNDS);
    assert.equal(attestersCount, 1 + WRITERS * ROUNDS - revoked.size);
    assert.equal(leaves.filter(({ leaf }) => leaf === '0').length, revoked.size);
    assert.equal(await stands(stage.wire, root), true);
    for (const { id, root: old } of issued) {
      if (revoked.has(id)) assert.equal(await stands(stage.nth(1), old), false, `a path of ${id}, revoked`);
    }
  });

  test('where nobody is revoked every root that was handed out stands', async () => {
    const roots: string[] = [];
    await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const id = `calm-${writer}-${round}`;
          const added = await stage.nth(writer).register({ id, name: id, allowedTypes: ['AI.CA'] });
          roots.push(assertOk(added, RegisterAttesterAnswer).registryRoot);
        }
      }),
    );
    assert.equal(new Set(roots).size, WRITERS * ROUNDS);
    for (const root of roots) assert.equal(await stands(stage.nth(roots.indexOf(root)), root), true);
  });
});

await onEveryStage(
  'a short window',
  (stage) => {
    test('a root is over when the window is, and the current one never', async () => {
      const { wire } = stage;
      await joinHouse(wire);
      assert.equal(await stands(wire, HOUSE_ROOT), true);
      await new Promise((resolve) => setTimeout(resolve, 700));
      assert.equal(await stands(wire, HOUSE_ROOT), true, 'nothing came after it');
      await wire.register({ id: 'next', name: 'Next', allowedTypes: ['AI.CA'] });
      await new Promise((resolve) => setTimeout(resolve, 700));
      assert.equal(await stands(wire, HOUSE_ROOT), false);
    });
  },
  { env: { IDENTITY_ROOT_WINDOW: '600' }, stages: ['sqlite'] },
);
