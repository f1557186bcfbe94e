import { type TrackName, TrackName as TrackNameSchema } from '@blindpost/protocol/pool';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';

/** The one topic on which instances of the pool tell each other what happened. */
export const POOL_TOPIC = 'pool';

const Hint = Type.Union([
  Type.Object({ kind: Type.Literal('solved'), track: TrackNameSchema, round: Type.String() }),
  /** A socket of this miner opened at `instance`, `at` ms since the epoch; what opened before it goes. */
  Type.Object({
    kind: Type.Literal('opened'),
    miner: Type.String(),
    instance: Type.String(),
    at: Type.Integer(),
  }),
  Type.Object({
    kind: Type.Literal('load'),
    instance: Type.String(),
    miners: Type.Integer({ minimum: 0 }),
    hps: Type.Number({ minimum: 0 }),
  }),
]);
export type Hint = Static<typeof Hint>;
export type Solved = { track: TrackName; round: string };

const validator = Compile(Hint);

export function encodeHint(hint: Hint): Buffer {
  return Buffer.from(JSON.stringify(hint));
}

/** Null for what this version does not understand: instances are not all updated at once. */
export function decodeHint(bytes: Buffer): Hint | null {
  try {
    const hint: unknown = JSON.parse(bytes.toString());
    return validator.Check(hint) ? hint : null;
  } catch {
    return null;
  }
}
