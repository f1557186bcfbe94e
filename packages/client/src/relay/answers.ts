/** Answers of the relay's routes, checked before they are believed. Each reader answers undefined for anything else. */
import type {
  ClientId,
  DeliveryState,
  KeyBundle,
  NicknameEntry,
  PreKey,
  SignedPreKey,
  TargetResult,
} from '@blindpost/protocol/relay';
import { isRecord } from '../json/record.js';

export function isDeliveryState(value: unknown): value is DeliveryState {
  return value === 'delivered' || value === 'queued';
}

export function isClientId(value: unknown): value is ClientId {
  return typeof value === 'string' || typeof value === 'number';
}

/** One outcome per target of a multicast. */
export function isTargetResults(value: unknown): value is TargetResult[] {
  return Array.isArray(value) && value.every(isTargetResult);
}

function isTargetResult(value: unknown): value is TargetResult {
  if (!isRecord(value) || typeof value.to !== 'string') return false;
  return isDeliveryState(value.status) || value.status === 'refused';
}

export function isHashes(value: unknown): value is string[] {
  return Array.isArray(value) && value.every(isHash);
}

export function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function isNicknameEntry(value: unknown): value is NicknameEntry {
  return isRecord(value) && typeof value.nickname === 'string' && isHash(value.identity_hash);
}

/** The shape of a bundle; whether its key is the right one is another question. */
export function isKeyBundle(value: unknown): value is KeyBundle {
  return (
    isRecord(value) &&
    isHash(value.identity_hash) &&
    isIdentityKey(value.identityKey) &&
    isText(value.pq_identityKey, value.bundle_signature) &&
    isSignedPreKey(value.signedPreKey) &&
    (value.preKey === null || isPreKey(value.preKey))
  );
}

function isSignedPreKey(value: unknown): value is SignedPreKey {
  return (
    isRecord(value) && isText(value.signature, value.pq_publicKey, value.pq_signature) && isPreKey(value)
  );
}

function isPreKey(value: unknown): value is PreKey {
  return isRecord(value) && Number.isInteger(value.id) && isText(value.publicKey);
}

function isIdentityKey(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9+/]{43}=$/.test(value);
}

function isText(...values: unknown[]): boolean {
  return values.every((value) => typeof value === 'string');
}
