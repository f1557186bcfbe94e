import { type Refusal, refuse } from '@blindpost/protocol/errors';
import type { VerifyBatchRequest } from '@blindpost/protocol/identity';
import type { Identity } from '../identity.js';
import { type ReadClaim, readClaim } from '../rules/claim.js';
import { unmet } from '../rules/expectation.js';
import { fieldBytes } from '../rules/field-bytes.js';
import { domainOf } from '../rules/keys.js';
import type { Caller } from '../rules/names.js';
import { askRoots } from '../store/standing.js';
import { verifyProofs } from '../verify.job.js';
import { type Answered, concluded } from './verify.js';

/** Judges many proofs together; each gets the answer that it would get alone. */
export async function verifyBatch(
  identity: Identity,
  caller: Caller,
  { proofs, domain, expect }: VerifyBatchRequest,
): Promise<{ ok: true; results: Answered[] } | Refusal> {
  const now = identity.clock.now();
  const read = proofs.map((claim): ReadClaim | Refusal => {
    const one = readClaim(claim);
    if (!one.ok) return one;
    return unmet(expect, { type: one.type, contextId: one.signals.contextId }, now) ?? one;
  });
  const standing = await standingRoots(identity, read, now);
  const readable = read.filter((one) => one.ok).filter((one) => standing.has(rootOf(one)));
  const held = await identity.compute.run(
    verifyProofs,
    readable.map(({ proof }) => proof),
    { lane: caller.address },
  );
  if (!held.ok) return refuse('unavailable', { retryAfter: held.retryAfter });
  const holding = new Set(readable.filter((_, at) => held.value[at] === true));
  const asked = { domain: domainOf(domain), consume: false };
  const results = await Promise.all(
    read.map((one): Answered | Promise<Answered> => {
      if (!one.ok) return one;
      if (!standing.has(rootOf(one))) return refuse('root_mismatch', { field: 'publicSignals.3' });
      return holding.has(one) ? concluded(identity, caller, one, asked) : refuse('proof_invalid');
    }),
  );
  return { ok: true, results };
}

/** The roots of these proofs that are valid now, by {@link rootOf}. */
async function standingRoots(
  { db, settings }: Identity,
  read: readonly (ReadClaim | Refusal)[],
  now: number,
): Promise<Set<string>> {
  const roots = read.filter((one) => one.ok).map(({ signals }) => fieldBytes(signals.attestersRoot));
  if (roots.length === 0) return new Set();
  return new Set(await db.read(askRoots, { roots, now, windowMs: settings.IDENTITY_ROOT_WINDOW }));
}

function rootOf({ signals }: ReadClaim): string {
  return signals.attestersRoot.toString();
}
