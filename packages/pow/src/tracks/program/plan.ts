import type { Instruction } from './instruction.js';
import { type Stretch, stretchAt } from './stretch.js';

/** How far a program is unfolded. */
export interface Limits {
  /** Steps of a stretch. */
  longest: number;
  /** Branches on a way that is written out before it goes back to the dispatcher. */
  depth: number;
  /** Instructions in all; what does not fit any more is left to the interpreter. */
  size: number;
  /** Whether the run is also begun in the middle, and so at any stretch. */
  resumes: boolean;
}

/** A stretch and the ways on from it, as they are written out: a tree, within which ways lead back. */
export interface Node {
  stretch: Stretch;
  /** Whether a way leads back to here from within. */
  loops: boolean;
  taken: Way | undefined;
  next: Way;
}

export type Way =
  | { kind: 'on'; node: Node }
  | { kind: 'back'; node: Node }
  /** To another tree, or to the interpreter where there is none. */
  | { kind: 'out'; pc: number };

/** The trees of a program, each for a run that arrives at its first instruction. */
export function planOf(program: readonly Instruction[], limits: Limits): Node[] {
  const stretches = new Map<number, Stretch>();
  const roots = new Set([0]);
  const trees: Node[] = [];
  let size = 0;

  const at = (pc: number): Stretch => {
    const known = stretches.get(pc) ?? stretchAt(program, pc, limits.longest);
    stretches.set(pc, known);
    return known;
  };

  const unfold = (pc: number, above: readonly Node[], depth: number): Node => {
    const stretch = at(pc);
    size += stretch.body.length + 1;
    const node: Node = { stretch, loops: false, taken: undefined, next: { kind: 'out', pc: stretch.next } };
    const path = [...above, node];
    const way = (to: number, left: number): Way => {
      const back = path.find((other) => other.stretch.start === to);
      if (back) {
        back.loops = true;
        return { kind: 'back', node: back };
      }
      if (left > 0 && size < limits.size && at(to).steps > 0) {
        return { kind: 'on', node: unfold(to, path, left) };
      }
      roots.add(to);
      return { kind: 'out', pc: to };
    };
    const left = stretch.branch ? depth - 1 : depth;
    if (stretch.branch) node.taken = way(stretch.branch.target, left);
    node.next = way(stretch.next, left);
    return node;
  };

  for (const root of roots) {
    if (size >= limits.size) break;
    if (at(root).steps === 0) continue;
    trees.push(unfold(root, [], limits.depth));
    if (limits.resumes) for (const pc of stretches.keys()) roots.add(pc);
  }
  return trees;
}
