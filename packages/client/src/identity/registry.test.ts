import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attesterLeaf } from '@blindpost/zk/attester';
import { pathOf, rootOf, treeOf } from '@blindpost/zk/registry';
import fc from 'fast-check';
import { IdentityError } from './errors.js';
import { renewPath } from './registry.js';
import type { Attested } from './types.js';

const KEY = { x: 5n, y: 7n };
const MASK = 0b101;
const OURS = attesterLeaf(KEY, MASK);

/** An attestation whose path is of no use any more. */
function attestedAt(index: number): Attested {
  return {
    attestation: {
      id: '00000000-0000-0000-0000-000000000000',
      entityCommitment: '1',
      entityType: 'AI.CA',
      typeCode: 257,
      attesterPubKeyX: KEY.x.toString(),
      attesterPubKeyY: KEY.y.toString(),
      signatureR8X: '0',
      signatureR8Y: '1',
      signatureS: '0',
      attesterIndex: index,
      attesterTypeMask: MASK,
      createdAt: '2026-01-01T00:00:00Z',
    },
    merkleProof: { pathElements: [], pathIndices: [] },
    registryRoot: '0',
  };
}

/** Answers pages of a few leaves; before each, `turn` may put another registry in its place. */
function serve(
  registry: readonly bigint[],
  take: number,
  turn: (page: number) => readonly bigint[] | undefined = () => undefined,
) {
  let current = registry;
  let root = rootOf(treeOf(current)).toString();
  let pages = 0;
  const leaves = async (after: number) => {
    pages += 1;
    const next = turn(pages);
    if (next !== undefined) {
      current = next;
      root = rootOf(treeOf(current)).toString();
    }
    const all = current.map((leaf, index) => ({ index, leaf: leaf.toString() }));
    return { leaves: all.slice(after + 1, after + 1 + take), size: current.length, root };
  };
  return { leaves, pages: () => pages };
}

const refused = (code: string) => (error: unknown) => error instanceof IdentityError && error.code === code;

test('the path is that of the whole registry, in however many pages it comes', async () => {
  const registries = fc.array(fc.bigInt({ min: 0n, max: 1000n }), { maxLength: 9 });
  const places = fc.nat({ max: 9 });
  await fc.assert(
    fc.asyncProperty(registries, places, fc.integer({ min: 1, max: 4 }), async (others, place, take) => {
      const index = Math.min(place, others.length);
      const registry = others.toSpliced(index, 0, OURS);
      const { merkleProof, registryRoot, attestation } = await renewPath(
        serve(registry, take),
        attestedAt(index),
      );
      const tree = treeOf(registry);
      const { pathElements, pathIndices } = pathOf(tree, index);
      assert.equal(registryRoot, rootOf(tree).toString());
      assert.deepEqual(merkleProof, { pathElements: pathElements.map(String), pathIndices });
      assert.equal(attestation.attesterIndex, index);
    }),
    { numRuns: 20 },
  );
});

test('a registry that changes between two pages is read from the beginning', async () => {
  const later = [1n, OURS, 3n, 4n];
  const source = serve([1n, OURS, 3n], 2, (page) => (page === 2 ? later : undefined));
  const { registryRoot } = await renewPath(source, attestedAt(1));
  assert.equal(registryRoot, rootOf(treeOf(later)).toString());
  assert.equal(source.pages(), 4);
  let grown = 3n;
  const restless = serve([1n, OURS, 3n], 1, () => [1n, OURS, 3n, ++grown]);
  await assert.rejects(renewPath(restless, attestedAt(1)), refused('bad_answer'));
});

test('an attester whose leaf is zero, another one or not there is gone', async () => {
  for (const registry of [[1n, 0n], [1n, 2n], [OURS], []])
    await assert.rejects(renewPath(serve(registry, 10), attestedAt(1)), refused('attester_gone'));
});

test('leaves that do not lead to the root they are said to, or go in circles, are not believed', async () => {
  const { leaves } = serve([1n, OURS], 10);
  const lying = { leaves: async (after: number) => ({ ...(await leaves(after)), root: '5' }) };
  await assert.rejects(renewPath(lying, attestedAt(1)), refused('bad_answer'));
  const circling = { leaves: async () => ({ ...(await leaves(-1)), size: 1000 }) };
  await assert.rejects(renewPath(circling, attestedAt(1)), refused('bad_answer'));
});
