import type { ChallengeType, PowUnit } from '@blindpost/protocol/relay';

/** What a unit of work costs, in its own unit. Clients of the original count hex digits (4 bits each). */
type Tariff = {
  decoy: number;
  /** Surcharge for a nickname by its length: short names are scarce. */
  nickname: readonly { upTo: number; extra: number }[];
  /** Surcharges never exceed this: a flood must not price everybody out. */
  ceiling: number;
  /** Bits per unit. */
  bits: number;
};

const TARIFFS: Record<PowUnit, Tariff> = {
  bits: {
    decoy: 8,
    nickname: [
      { upTo: 5, extra: 6 },
      { upTo: 7, extra: 4 },
      { upTo: 9, extra: 2 },
    ],
    ceiling: 8,
    bits: 1,
  },
  hex: {
    decoy: 2,
    nickname: [
      { upTo: 5, extra: 3 },
      { upTo: 7, extra: 2 },
      { upTo: 9, extra: 1 },
    ],
    ceiling: 3,
    bits: 4,
  },
};

/** What is known of the server's load when a seed is issued. */
export type Load = { registrations: number; loopDelayMs: number };

/** Surcharge in bits: + 2 over 30 registrations in 5 minutes, + 4 over 100, + 2 while the event loop lags. */
export function loadSurcharge(load: Load): number {
  const crowd = load.registrations > 100 ? 4 : load.registrations > 30 ? 2 : 0;
  return crowd + (load.loopDelayMs > 100 ? 2 : 0);
}

export type Purpose = { type: ChallengeType; nickname?: string | undefined };

/**
 * The difficulty of one purpose at one surcharge. It does not depend on who asks: a discount for known
 * identities would tell strangers who exists and since when.
 */
export function price(purpose: Purpose, base: number, surchargeBits: number, unit: PowUnit): number {
  const tariff = TARIFFS[unit];
  if (purpose.type === 'decoy') return tariff.decoy;
  const { nickname } = purpose;
  const name =
    nickname === undefined ? 0 : (tariff.nickname.find(({ upTo }) => nickname.length <= upTo)?.extra ?? 0);
  const extra = name + Math.ceil(surchargeBits / tariff.bits);
  return base + Math.min(extra, tariff.ceiling);
}
