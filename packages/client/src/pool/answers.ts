/** Answers and frames of the pool, checked before they are believed. Each guard is false for anything else. */
import type {
  Balance,
  History,
  PoolChallenge,
  PoolFrameOut,
  RedemptionState,
  SubmitAnswer,
  TrackName,
  WithdrawAnswer,
  WithdrawCodeAnswer,
} from '@blindpost/protocol/pool';
import { isRecord } from '../json/record.js';

const TRACKS: Readonly<Record<TrackName, true>> = {
  CPU_HASH: true,
  CHAIN: true,
  MEM_WORK: true,
  BRANCHY_MIX: true,
  TINY_VM: true,
  VM_CHAIN: true,
  ARGON2D_CHAIN: true,
};
const STATES: Readonly<Record<RedemptionState, true>> = {
  reserved: true,
  issued: true,
  delivered: true,
  failed: true,
};

export function isChallenge(value: unknown): value is PoolChallenge {
  return (
    isRecord(value) &&
    isTrack(value.track) &&
    isId(value.round_id) &&
    isRecord(value.params) &&
    isCount(value.issued_at_ms)
  );
}

export function isSubmitAnswer(value: unknown): value is SubmitAnswer {
  if (!isRecord(value)) return false;
  if (value.status === 'too_late') return true;
  if (value.status === 'invalid') return typeof value.reason === 'string';
  if (value.status !== 'win') return false;
  return isCount(value.payout_micro) && isCount(value.pool_balance_micro) && isCount(value.solve_time_ms);
}

export function isBalance(value: unknown): value is Balance {
  return isRecord(value) && isCount(value.pending_balance_micro) && isCount(value.withdrawn_total_micro);
}

export function isWithdrawAnswer(value: unknown): value is WithdrawAnswer {
  return isRecord(value) && typeof value.request_id === 'string' && value.status === 'pending';
}

export function isWithdrawCodeAnswer(value: unknown): value is WithdrawCodeAnswer {
  if (!isRecord(value) || !isRedeemed(value)) return false;
  if (value.status === 'ok') return true;
  return value.status === 'error' && value.reason === 'redeem_mysql_insert_failed';
}

export function isHistory(value: unknown): value is History {
  return (
    isRecord(value) &&
    value.status === 'ok' &&
    Array.isArray(value.items) &&
    value.items.every(
      (item: unknown) => isRecord(item) && isRedeemed(item) && isCount(item.ts_ms) && isState(item.state),
    )
  );
}

/** A frame of a type this SDK knows. */
export function isFrame(value: { [member: string]: unknown }): value is PoolFrameOut {
  switch (value.type) {
    case 'secret':
      return isHex(value.secret, 64) && isCount(value.expires_at_ms);
    case 'round_solved':
      return isTrack(value.track) && isId(value.round_id);
    case 'stats':
      return isCount(value.miners) && typeof value.hps === 'number' && isCount(value.pool_balance_micro);
    case 'kicked':
    case 'error':
      return true;
    default:
      return false;
  }
}

function isRedeemed(value: { [member: string]: unknown }): boolean {
  return isHex(value.code, 32) && isCount(value.quota) && isCount(value.amount_micro);
}

function isTrack(value: unknown): value is TrackName {
  return typeof value === 'string' && Object.hasOwn(TRACKS, value);
}

function isState(value: unknown): value is RedemptionState {
  return typeof value === 'string' && Object.hasOwn(STATES, value);
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 1 && value.length <= 64;
}

function isHex(value: unknown, length: number): boolean {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]*$/.test(value);
}

/** Money, times and counts: whole, and exact as a double. */
function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
