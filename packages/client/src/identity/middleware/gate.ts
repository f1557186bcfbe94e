import { ERRORS, type ErrorCode, type ErrorDetails, errorBody, refuse } from '@blindpost/protocol/errors';
import { toField } from '@blindpost/zk/context';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import { entitySignals, readProof, SIGNAL_COUNT } from '@blindpost/zk/proof';
import type { EntityIdentity } from '../client.js';
import { IdentityError } from '../errors.js';
import type { Claim, Expectation, Verified } from '../types.js';
import { type EntityHeaderName, readEntityHeaders } from './headers.js';
import type { VerifiedEntity } from './verified-entity.js';

/** What proofs are asked for. */
export interface Demand {
  /** The server that verifies. */
  identity: Pick<EntityIdentity, 'verify'>;
  /** Name space of nullifiers: your host. A proof that was used at another is as good as new here. */
  domain: string;
  /** What the proof must say. Its context is no part of it: that one is chosen for each request. */
  expect?: Omit<Expectation, 'contextId'> | undefined;
  /** Whether a proof is good once; true by default. Without it, whoever sees the headers can send them again. */
  consume?: boolean | undefined;
}

/** A request that is turned away: what to answer it with. */
export interface TurnedAway {
  ok: false;
  status: number;
  headers: Record<string, string>;
  body: { error: string; message: string; details: ErrorDetails };
}

export type Admission = { ok: true; entity: VerifiedEntity } | TurnedAway;

/** Of verdicts that say: right proof, wrong caller. */
const FORBIDDEN = new Set(['expect.entityType', 'expect.category']);
const RETRY_AFTER = 2;

/**
 * Judges the headers of a request. What can be seen without a server is looked at first: every proof that is passed
 * on counts against this service's limit there.
 * @param header answers the value of a header by its name in lower case
 * @param contextId what this request must have been proven for; the choice of the service, never of the caller
 */
export async function admit(
  header: (name: EntityHeaderName) => string | undefined,
  contextId: string,
  { identity, domain, expect, consume = true }: Demand,
): Promise<Admission> {
  const read = readEntityHeaders(header);
  if (!read.ok) {
    const { field } = read;
    if (read.missing) return turnAway(401, 'unauthorized', { field, contextId }, `${field} is required`);
    return turnAway(400, 'invalid_request', { field }, `${field} cannot be read`);
  }
  const { claim, code } = read;
  const unmet = unmetBy(claim, code, contextId);
  if (unmet !== undefined) return unmet;

  let verdict: Awaited<ReturnType<EntityIdentity['verify']>>;
  try {
    verdict = await identity.verify(claim, { domain, consume, expect: { ...expect, contextId } });
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    const seconds = Math.ceil((error.retryAfterMs ?? RETRY_AFTER * 1000) / 1000);
    return turnAway(503, 'unavailable', { retryAfter: seconds }, 'The proof cannot be verified now.');
  }
  if (verdict.valid) return { ok: true, entity: verifiedEntity(verdict, claim) };
  // The proof could be read here: what cannot be read there is a domain or an expectation of ours.
  if (verdict.error === 'invalid_request') {
    return turnAway(503, 'unavailable', { retryAfter: RETRY_AFTER }, 'The proof cannot be verified now.');
  }
  const { field } = verdict.details;
  const status = typeof field === 'string' && FORBIDDEN.has(field) ? 403 : 401;
  return { ok: false, status, headers: headersOf(status), body: bodyOf(verdict) };
}

function unmetBy(claim: Claim, code: string, contextId: string): TurnedAway | undefined {
  const read = readProof(claim.proof, claim.publicSignals, SIGNAL_COUNT);
  if (!read.ok) {
    const field = read.field.startsWith('proof') ? 'entity-proof' : 'entity-signals';
    return turnAway(400, 'invalid_request', { field }, `${read.field} ${read.message}`);
  }
  const signals = entitySignals(read.value.signals);
  if (signals.claimedType !== BigInt(entityTypeByCode(code)?.numeric ?? -1)) {
    return turnAway(
      401,
      'expectation_failed',
      { field: 'entity-type' },
      'entity-type is not what was proven',
    );
  }
  if (signals.contextId !== toField(contextId)) {
    const details = { field: 'entity-signals', contextId };
    return turnAway(401, 'expectation_failed', details, 'The proof is for another context.');
  }
  return undefined;
}

/** What was verified, with the proof of it. */
function verifiedEntity(verdict: Verified, { proof, publicSignals }: Claim): VerifiedEntity {
  return { ...verdict, proof, publicSignals, verifiedAt: Math.floor(Date.now() / 1000) };
}

function turnAway(status: number, code: ErrorCode, details: ErrorDetails, message: string): TurnedAway {
  const retry = details.retryAfter;
  const headers = { ...headersOf(status), ...(retry === undefined ? {} : { 'retry-after': String(retry) }) };
  return { ok: false, status, headers, body: errorBody(refuse(code, details, message)) };
}

/** RFC 9110 §11.6.1: 401 names the way to authenticate. */
function headersOf(status: number): Record<string, string> {
  return status === ERRORS.unauthorized.status ? { 'www-authenticate': 'Entity-Proof' } : {};
}

function bodyOf({ error, message, details }: { error: string; message: string; details: ErrorDetails }) {
  return { error, message, details };
}
