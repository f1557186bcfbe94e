import { randomScalar } from '@blindpost/zk/field';
import { type NodeReader, pathOf, rootOf, rootOfPath, setLeaf, treeOf } from '@blindpost/zk/registry';
import { type Cost, costOf, rounded, typical } from './clock.js';

/** Times of an append to a registry of so many attesters; the control builds the whole tree instead. */
export async function appending(attesters: number, appends: number) {
  const leaves = Array.from({ length: attesters }, randomScalar);
  let built: NodeReader = () => undefined;
  const rebuild = await costOf(() => {
    built = treeOf(leaves);
  });

  const written = new Map<string, bigint>();
  const read: NodeReader = (level, index) => written.get(`${level}:${index}`) ?? built(level, index);
  const costs: Cost[] = [];
  for (let index = attesters; index < attesters + appends; index++) {
    const leaf = randomScalar();
    costs.push(
      await costOf(() => {
        for (const node of setLeaf(read, index, leaf)) written.set(`${node.level}:${node.index}`, node.value);
      }),
    );
    if (rootOfPath(leaf, pathOf(read, index)) !== rootOf(read)) throw new Error('an append broke the tree');
  }
  return { ...typical(costs), 'control: rebuild, cpuMs': rounded(rebuild.cpuMs) };
}
