/** What flows into the pool, micro. */
export type Inflow = { refillPerSecond: number; cap: number };

/** The operator's part of every decision about rounds and money. */
export type Terms = Inflow & {
  /** By track; 0 or absent = the track gets no round. */
  weights: Record<string, number>;
  /** Share of the pool that a win pays, 1…100. */
  payoutPercent: number;
  /** What a round shall take. */
  targetMs: number;
};
