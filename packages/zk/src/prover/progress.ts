/** What a proof goes through, in this order. Only the first proof of a prover has to load. */
export const PHASES = ['load', 'witness', 'polynomials', 'points'] as const;
export type Phase = (typeof PHASES)[number];

/** Where a proof stands. */
export type Progress = {
  phase: Phase;
  /** About how much of the work is done: from 0, never less than before, below 1 as long as it goes on. */
  done: number;
};

/** How snarkjs announces what it begins, and how much of a proof lies before that, as measured. */
const MILESTONES: readonly [announcement: string, progress: Progress][] = [
  ['Building ABC', { phase: 'polynomials', done: 0.2 }],
  ['Join ABC', { phase: 'polynomials', done: 0.45 }],
  ['Reading A Points', { phase: 'points', done: 0.5 }],
  ['Reading B1 Points', { phase: 'points', done: 0.55 }],
  ['Reading B2 Points', { phase: 'points', done: 0.6 }],
  ['Reading C Points', { phase: 'points', done: 0.75 }],
  ['Reading H Points', { phase: 'points', done: 0.8 }],
];

const byAnnouncement = new Map(MILESTONES);

/** The progress that a line of snarkjs's log stands for, if any. */
export function progressOf(announcement: string): Progress | undefined {
  return byAnnouncement.get(announcement);
}
