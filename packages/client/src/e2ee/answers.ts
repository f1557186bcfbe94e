/** Answers and frames of the server, checked before they are believed. Each guard is false for anything else. */
import type {
  AckAnswer,
  Bundle,
  DistributeAnswer,
  Envelope,
  KeyStatus,
  PreKey,
  PublicBundle,
  PushedEnvelope,
  Session,
} from '@blindpost/protocol/e2ee';
import { isCount, isTime, isUuid } from '../json/format.js';
import { isRecord, type JsonRecord } from '../json/record.js';

const BASE64 = /^[A-Za-z0-9+/]*([AQgw]==|[AEIMQUYcgkosw048]=)?$/;

type Guard = (value: unknown) => boolean;

export function isPushedEnvelope(value: unknown): value is PushedEnvelope {
  return isRecord(value) && isCarried(value);
}

export function isEnvelope(value: unknown): value is Envelope {
  return (
    isRecord(value) &&
    isCarried(value) &&
    isEnum(value.deliveryStatus) &&
    all(orNull(isTime), value.deliveredAt, value.ackedAt, value.expiresAt)
  );
}

/** In the order of their sequence, each once: else a server could have them skipped. */
export function isPending(value: unknown): value is Envelope[] {
  if (!Array.isArray(value)) return false;
  let last = 0;
  for (const envelope of value) {
    if (!isEnvelope(envelope) || envelope.sequence <= last) return false;
    last = envelope.sequence;
  }
  return true;
}

export function isAckAnswer(value: unknown): value is AckAnswer {
  return isRecord(value) && isCount(value.acknowledged);
}

export function isDistributeAnswer(value: unknown): value is DistributeAnswer {
  return isRecord(value) && isCount(value.sent);
}

export function isBundle(value: unknown): value is Bundle {
  return (
    isRecord(value) &&
    isUuid(value.id) &&
    isPublished(value) &&
    all(isTime, value.createdAt, value.updatedAt) &&
    all(isCount, value.oneTimePreKeysStored, value.oneTimePreKeysRemaining)
  );
}

export function isPublicBundle(value: unknown): value is PublicBundle {
  return isRecord(value) && isPublished(value) && orNull(isPreKey)(value.oneTimePreKey);
}

export function isKeyStatus(value: unknown): value is KeyStatus {
  return isRecord(value) && isCount(value.oneTimePreKeys) && typeof value.low === 'boolean';
}

export function isSession(value: unknown): value is Session {
  return (
    isRecord(value) &&
    all(isUuid, value.id, value.accountAId, value.accountBId, value.initiatedById) &&
    all(isTime, value.createdAt, value.updatedAt) &&
    orNull(isTime)(value.lastMessageAt) &&
    orNull(isText)(value.hint) &&
    orNull(isRecord)(value.meta)
  );
}

function isCarried(value: JsonRecord): boolean {
  return (
    all(isUuid, value.id, value.senderId, value.recipientId) &&
    all(orNull(isText), value.sessionId, value.groupId, value.clientMessageId) &&
    isEnum(value.type) &&
    isCount(value.sequence) &&
    value.sequence >= 1 &&
    isBytes(value.ciphertext) &&
    all(orNull(isBytes), value.header, value.signature) &&
    orNull(isRecord)(value.meta) &&
    isTime(value.createdAt)
  );
}

function isPublished(value: JsonRecord): boolean {
  return (
    isUuid(value.accountId) &&
    isText(value.algorithm) &&
    all(isBytes, value.identityKey, value.signedPreKey, value.signedPreKeySignature) &&
    isKeyId(value.signedPreKeyId) &&
    orNull(isTime)(value.signedPreKeyExpiresAt) &&
    orNull(isPreKey)(value.lastResortPreKey) &&
    orNull(isKeyId)(value.pqPreKeyId) &&
    all(orNull(isBytes), value.pqPreKey, value.pqPreKeySignature) &&
    orNull(isRecord)(value.meta) &&
    typeof value.verified === 'boolean'
  );
}

function isPreKey(value: unknown): value is PreKey {
  return isRecord(value) && isKeyId(value.keyId) && isBytes(value.publicKey);
}

function isKeyId(value: unknown): boolean {
  return isCount(value) && value <= 0xffff_ffff;
}

/** Values of the two enums. */
function isEnum(value: unknown): boolean {
  return value === 0 || value === 1 || value === 2 || value === 3;
}

/** Standard Base64 with padding and without stray bits, so that it can be decoded. */
function isBytes(value: unknown): boolean {
  return typeof value === 'string' && value.length % 4 === 0 && BASE64.test(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function orNull(guard: Guard): Guard {
  return (value) => value === null || guard(value);
}

function all(guard: Guard, ...values: unknown[]): boolean {
  return values.every(guard);
}
