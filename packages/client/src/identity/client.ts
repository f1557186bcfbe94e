import type { AttestRequest, RegistryState } from '@blindpost/protocol/identity';
import type { Manifest } from '@blindpost/zk/artefacts';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import { SIGNAL_NAMES } from '@blindpost/zk/proof';
import { sleep } from '../retry/sleep.js';
import { Assets } from './assets.js';
import { Entity } from './entity.js';
import { IdentityError, localError } from './errors.js';
import { type IdentityAccess, IdentityHttp } from './http.js';
import { renewPath } from './registry.js';
import { unsoundMember } from './soundness.js';
import type { Attested, Claim, EntityProof, Rejected, Verified, VerifyOptions } from './types.js';

export interface EntityIdentityOptions extends IdentityAccess {
  /**
   * What the proving assets must be. Without it the server's own manifest is believed, and with it the server: a
   * proving key of somebody's choice might give away what it proves.
   */
  manifest?: Manifest | undefined;
  /**
   * The folder of the proving assets, by default where the server says: for a page that may fetch from one place only,
   * such as `https://example.org/assets/`.
   */
  assetsUrl?: string | undefined;
}

export interface AttestationRequest {
  /** Of the entity. */
  commitment: string | bigint;
  /** Code of the type, such as `AI.CA`. */
  type: string;
  /** Id of the attester; needed where there is no `apiKey` to tell, which takes one for development. */
  attester?: string | undefined;
  /** When the attestation ends, ISO-8601 with an offset. */
  expiresAt?: string | undefined;
  /** Of an attester that keeps its own key. */
  signature?: Pick<Required<AttestRequest>, 'signatureR8X' | 'signatureR8Y' | 'signatureS'> | undefined;
  signal?: AbortSignal | undefined;
}

export interface RetryOptions extends VerifyOptions {
  /** Attempts in all; 3 by default. */
  maxRetries?: number | undefined;
  /** Whose proof it is: to prove again when the registry has changed, which sending again cannot mend. */
  entity?: Entity | undefined;
  /** What was proven with. */
  attestation?: Attested | undefined;
}

const RATE_PAUSE_MS = 2_000;
const PAUSE_MS = 1_000;

/** Entity identity, for Node and browsers. Every verb rejects with an IdentityError, or with the signal's reason. */
export class EntityIdentity {
  readonly #http: IdentityHttp;
  readonly #assets: Assets;

  /** @throws TypeError when an address is not an http(s) URL or the key not one of an attester */
  constructor({ manifest, assetsUrl, ...access }: EntityIdentityOptions) {
    this.#http = new IdentityHttp(access);
    this.#assets = new Assets(this.#http, { manifest, folder: assetsUrl });
  }

  /**
   * An entity that proves with this server's assets: a new one, or that of a stored secret.
   * @throws RangeError when the secret is none
   */
  createEntity(secret?: string | Uint8Array): Entity {
    return new Entity(globalThis.crypto, secret, this.#assets);
  }

  /** Has an attester vouch for the type of a commitment. What comes is checked: something can be proven with it. */
  async requestAttestation(request: AttestationRequest): Promise<Attested> {
    const { commitment, type, attester, expiresAt, signature, signal } = request;
    const entityCommitment = String(commitment);
    const optional = { ...(attester && { attester }), ...(expiresAt && { expiresAt }) };
    const body: AttestRequest = { entityCommitment, entityType: type, ...optional, ...signature };
    const attested = await this.#http.attest(body, signal);
    const { attestation } = attested;
    const asked =
      BigInt(attestation.entityCommitment) === parseNumber(entityCommitment, SCALAR_MODULUS) &&
      attestation.entityType === type;
    const field = asked ? unsoundMember(attested) : 'attestation';
    if (field !== undefined) throw localError('bad_answer', { field });
    return attested;
  }

  /**
   * Brings an attestation up to the registry's present root, without telling the server which attester it is from.
   * Rejects with `attester_gone` when that was revoked.
   */
  renew(attestation: Attested, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Attested> {
    return renewPath(this.#http, attestation, signal);
  }

  /** Root, size and age of the registry. */
  registry({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<RegistryState> {
    return this.#http.registry(signal);
  }

  /** What `verifyOffline` takes, held against the manifest. */
  verificationKey({ signal }: { signal?: AbortSignal | undefined } = {}): Promise<unknown> {
    return this.#assets.verificationKey(signal);
  }

  /** The server's verdict; one that does not hold is an answer, with `valid: false`. */
  verify(proof: Claim, options: VerifyOptions = {}): Promise<Verified | Rejected> {
    return this.#http.verify(proof, options);
  }

  /** The verdicts on up to 100 proofs, in their order. */
  verifyBatch(
    proofs: readonly Claim[],
    options: Omit<VerifyOptions, 'consume'> = {},
  ): Promise<(Verified | Rejected)[]> {
    return this.#http.verifyBatch(proofs, options);
  }

  /** Uses a proof up for a domain and its context. Rejects with `nullifier_used` when it was before. */
  async record(proof: Claim, options: Pick<VerifyOptions, 'domain' | 'signal'> = {}): Promise<void> {
    const nullifier = signalOf(proof, 'nullifier');
    const contextId = signalOf(proof, 'contextId');
    await this.#http.record({ nullifier, contextId }, proof, options);
  }

  /**
   * As `verify`, and patient. Too many requests: waits two seconds, then four.
   * A root that holds no more: renews the path and proves again, where entity and attestation are given. What may have
   * used the proof up is not asked again.
   */
  async verifyWithRetry(
    proof: EntityProof,
    { maxRetries = 3, entity, attestation, ...options }: RetryOptions = {},
  ): Promise<Verified | Rejected> {
    const { signal } = options;
    let current = proof;
    for (let attempt = 1; ; attempt++) {
      const last = attempt >= maxRetries;
      try {
        const verdict = await this.verify(current, options);
        const outdated = !verdict.valid && verdict.error === 'root_mismatch';
        if (!outdated || last || entity === undefined || attestation === undefined) return verdict;
        const renewed = await this.renew(attestation, { signal });
        current = await entity.prove({ attestation: renewed, contextId: proof.contextId, signal });
      } catch (error) {
        if (!(error instanceof IdentityError) || last || !repeatable(error, options.consume)) throw error;
        await sleep(pauseAfter(error, attempt), signal);
        signal?.throwIfAborted();
      }
    }
  }
}

/** An answer that was lost may have told that the proof is used up now. */
function repeatable({ code, temporary }: IdentityError, consume = false): boolean {
  return temporary && (!consume || code === 'rate_limit_exceeded' || code === 'unavailable');
}

/** Of a limit the server says a minute whatever it is, and a bucket has room again much sooner. */
function pauseAfter({ code, retryAfterMs = 0 }: IdentityError, attempt: number): number {
  return code === 'rate_limit_exceeded' ? RATE_PAUSE_MS * attempt : Math.max(PAUSE_MS, retryAfterMs);
}

/** @throws TypeError when the proof has no such signal */
function signalOf({ publicSignals }: Claim, name: (typeof SIGNAL_NAMES)[number]): string {
  const value = parseNumber(publicSignals[SIGNAL_NAMES.indexOf(name)], SCALAR_MODULUS);
  if (value === undefined) throw new TypeError(`publicSignals has no ${name}`);
  return value.toString();
}
