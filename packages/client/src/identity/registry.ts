import { attesterLeaf } from '@blindpost/zk/attester';
import { pathOf, rootOf, treeOf, ZERO_LEAF } from '@blindpost/zk/registry';
import { insist } from '../retry/insist.js';
import { localError } from './errors.js';
import type { IdentityHttp } from './http.js';
import type { Attested } from './types.js';

/** Some seconds in all. */
const PATIENCE = { tries: 5, patienceMs: 30_000 };
/** The registry may change between two pages; one that changes all the time is not worth waiting for. */
const READINGS = 5;

/** Pages of the registry's leaves. */
type LeafSource = Pick<IdentityHttp, 'leaves'>;

type Leaves = { leaves: bigint[]; root: bigint };

/**
 * Brings the path of an attestation up to the present root. All leaves are read and the path is built here, so that
 * nobody learns which attester is meant: it is what a proof hides.
 */
export async function renewPath(
  http: LeafSource,
  attested: Attested,
  signal?: AbortSignal,
): Promise<Attested> {
  const { leaves, root } = await readLeaves(http, signal);
  const tree = treeOf(leaves);
  if (rootOf(tree) !== root) throw localError('bad_answer', { field: 'root' });
  const { attesterIndex: index, attesterPubKeyX, attesterPubKeyY, attesterTypeMask } = attested.attestation;
  const leaf = attesterLeaf({ x: BigInt(attesterPubKeyX), y: BigInt(attesterPubKeyY) }, attesterTypeMask);
  if (leaves[index] !== leaf) throw localError('attester_gone');
  const { pathElements, pathIndices } = pathOf(tree, index);
  const merkleProof = {
    pathElements: pathElements.map(String),
    pathIndices: pathIndices.map((bit) => (bit === 1 ? 1 : 0)),
  } satisfies Attested['merkleProof'];
  return { ...attested, merkleProof, registryRoot: root.toString() };
}

async function readLeaves(http: LeafSource, signal?: AbortSignal): Promise<Leaves> {
  for (let reading = 0; reading < READINGS; reading++) {
    const read = await readOnce(http, signal);
    if (read !== undefined) return read;
  }
  throw localError('bad_answer', { field: 'root' });
}

/** Undefined when the registry changed meanwhile. */
async function readOnce(http: LeafSource, signal?: AbortSignal): Promise<Leaves | undefined> {
  const leaves: bigint[] = [];
  let root: string | undefined;
  for (let after = -1; ; ) {
    const page = await insist(() => http.leaves(after, signal), { ...PATIENCE, signal });
    if (root !== undefined && page.root !== root) return undefined;
    root = page.root;
    for (const { index, leaf } of page.leaves) {
      if (index <= after) throw localError('bad_answer', { field: 'leaves' });
      // A place that is not told of is a free one.
      while (leaves.length < index) leaves.push(ZERO_LEAF);
      leaves.push(BigInt(leaf));
      after = index;
    }
    if (page.leaves.length === 0 || after >= page.size - 1) return { leaves, root: BigInt(root) };
  }
}
