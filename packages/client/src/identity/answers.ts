/** Answers of entity identity, checked before they are believed. Each guard is false for anything else. */
import {
  type AttestAnswer,
  type Leaves,
  type ProvingAssets,
  PUBLIC_SIGNALS,
  REGISTRY_DEPTH,
  type RecordAnswer,
  type RegistryState,
  type Rejected,
  type Verified,
  type VerifyBatchAnswer,
} from '@blindpost/protocol/identity';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import { parseDecimal, parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import { isCount, isTime, isUuid } from '../json/format.js';
import { isRecord, type JsonRecord } from '../json/record.js';
import type { Claim } from './types.js';

const LARGEST_MASK = 0xffff;

/** The shape of an attestation with its path; whether it holds is another question. */
export function isAttested(value: unknown): value is AttestAnswer {
  return (
    isRecord(value) &&
    isRecord(value.attestation) &&
    isAttestation(value.attestation) &&
    isPath(value.merkleProof) &&
    isElement(value.registryRoot) &&
    (value.development === undefined || value.development === true)
  );
}

function isAttestation(value: JsonRecord): boolean {
  return (
    isUuid(value.id) &&
    isElement(value.entityCommitment) &&
    typeof value.entityType === 'string' &&
    entityTypeByCode(value.entityType)?.numeric === value.typeCode &&
    isElement(value.attesterPubKeyX) &&
    isElement(value.attesterPubKeyY) &&
    isElement(value.signatureR8X) &&
    isElement(value.signatureR8Y) &&
    isElement(value.signatureS) &&
    isIndex(value.attesterIndex) &&
    isCount(value.attesterTypeMask) &&
    value.attesterTypeMask <= LARGEST_MASK &&
    isTime(value.createdAt) &&
    (value.expiresAt === undefined || isTime(value.expiresAt))
  );
}

function isPath(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { pathElements: elements, pathIndices: indices } = value;
  if (!Array.isArray(elements) || elements.length !== REGISTRY_DEPTH || !elements.every(isElement))
    return false;
  return (
    Array.isArray(indices) &&
    indices.length === REGISTRY_DEPTH &&
    indices.every((bit) => bit === 0 || bit === 1)
  );
}

export function isRegistryState(value: unknown): value is RegistryState {
  return isRecord(value) && isElement(value.root) && isCount(value.attestersCount) && isTime(value.updatedAt);
}

/** A page of leaves: in the order of their places, and each below the size of the registry. */
export function isLeaves(value: unknown): value is Leaves {
  if (!isRecord(value) || !isElement(value.root) || !isCount(value.size) || !Array.isArray(value.leaves))
    return false;
  const { size, leaves } = value;
  if (size > 2 ** REGISTRY_DEPTH) return false;
  let before = -1;
  return leaves.every((each: unknown) => {
    if (!isRecord(each) || !isElement(each.leaf) || !isCount(each.index)) return false;
    const inOrder = each.index > before && each.index < size;
    before = each.index;
    return inOrder;
  });
}

export function isProvingAssets(value: unknown): value is ProvingAssets {
  if (!isRecord(value) || !isRecord(value.assets)) return false;
  const { wasm, zkey, verificationKey, manifest } = value.assets;
  return (
    [wasm, zkey, verificationKey, manifest].every(isHttpUrl) &&
    typeof value.circuit === 'string' &&
    value.merkleDepth === REGISTRY_DEPTH &&
    typeof value.circuitHash === 'string' &&
    typeof value.development === 'boolean'
  );
}

function isVerified(value: unknown): value is Verified {
  return (
    isRecord(value) &&
    value.valid === true &&
    typeof value.entityType === 'string' &&
    entityTypeByCode(value.entityType)?.numeric === value.typeCode &&
    typeof value.entityTypeName === 'string' &&
    typeof value.phoneticName === 'string' &&
    isElement(value.entityCommitment) &&
    isElement(value.nullifier) &&
    isElement(value.contextId) &&
    value.registryRootValid === true &&
    (value.nullifierStatus === 'new' || value.nullifierStatus === 'used') &&
    typeof value.recorded === 'boolean'
  );
}

/** That what was verified are these signals: anything may stand between us and the server. */
export function isVerdictOn({ publicSignals }: Claim): (value: unknown) => value is Verified {
  return (value): value is Verified =>
    isVerified(value) &&
    [value.nullifier, value.entityCommitment, String(value.typeCode), undefined, value.contextId].every(
      (said, at) => said === undefined || sameElement(said, publicSignals[at]),
    );
}

export function isRejected(value: unknown): value is Rejected {
  return (
    isRecord(value) &&
    value.valid === false &&
    typeof value.error === 'string' &&
    typeof value.message === 'string' &&
    isRecord(value.details)
  );
}

export function isBatchAnswer(value: unknown): value is VerifyBatchAnswer {
  return (
    isRecord(value) &&
    Array.isArray(value.results) &&
    value.results.every((each: unknown) => isVerified(each) || isRejected(each))
  );
}

export function isRecorded(value: unknown): value is RecordAnswer {
  return isRecord(value) && value.recorded === true && isElement(value.nullifier);
}

/** The shape of a proof with its signals, whatever these say. */
export function isClaim(value: unknown): value is Claim {
  if (!isRecord(value) || !isRecord(value.proof) || !Array.isArray(value.publicSignals)) return false;
  const { publicSignals } = value;
  const { pi_a, pi_b, pi_c, protocol, curve } = value.proof;
  return (
    [pi_a, pi_c].every(isTexts) &&
    Array.isArray(pi_b) &&
    pi_b.every(isTexts) &&
    protocol === 'groth16' &&
    (curve === undefined || curve === 'bn128') &&
    publicSignals.length === PUBLIC_SIGNALS &&
    isTexts(publicSignals)
  );
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isElement(value: unknown): value is string {
  return parseDecimal(value, SCALAR_MODULUS) !== undefined;
}

function sameElement(element: string, spelling: unknown): boolean {
  return parseNumber(spelling, SCALAR_MODULUS)?.toString() === element;
}

function isIndex(value: unknown): boolean {
  return isCount(value) && value < 2 ** REGISTRY_DEPTH;
}

function isHttpUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);
}
