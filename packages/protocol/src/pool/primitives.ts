import Type, { type Static } from 'typebox';

/** The seven kinds of work. */
export const TrackName = Type.Union([
  Type.Literal('CPU_HASH'),
  Type.Literal('MEM_WORK'),
  Type.Literal('CHAIN'),
  Type.Literal('BRANCHY_MIX'),
  Type.Literal('TINY_VM'),
  Type.Literal('VM_CHAIN'),
  Type.Literal('ARGON2D_CHAIN'),
]);
export type TrackName = Static<typeof TrackName>;

/** Money: millionths of a unit. Whole numbers only, within what a double holds exactly. */
export const Micro = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Millionths of a unit.',
});
/** An amount somebody asks for: more than nothing. */
export const AmountMicro = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Millionths of a unit, more than none.',
});
export const TimeMs = Type.Integer({ minimum: 0, description: 'Milliseconds since 1970-01-01T00:00Z.' });
export const RoundId = Type.String({ minLength: 1, maxLength: 64, description: 'Id of a round.' });
/** What a client authenticates with: `bp_` and 32 random bytes in base64url. Whoever has it is the miner. */
export const MINER_TOKEN = /^bp_[A-Za-z0-9_-]{43}$/;
export const Code = Type.String({ pattern: '^[0-9a-f]{32}$', description: 'A redemption code.' });
