import {
  type AttestAnswer,
  type AttestRequest,
  type Leaves,
  MAX_BATCH,
  MAX_PAGE,
  type ProvingAssets,
  type RecordAnswer,
  type RegistryState,
  type Rejected,
  type Verified,
} from '@blindpost/protocol/identity';
import { bearer } from '../accounts/token-source.js';
import { type Endpoint, endpoint } from '../http/endpoint.js';
import { type ErrorMaker, exchange } from '../http/exchange.js';
import {
  isAttested,
  isBatchAnswer,
  isLeaves,
  isProvingAssets,
  isRecorded,
  isRegistryState,
  isRejected,
  isVerdictOn,
} from './answers.js';
import { ERRORS, IdentityError, localError } from './errors.js';
import type { Claim, VerifyOptions } from './types.js';

/** Where the routes lie below the address. */
const FOLDER = 'api/v1/';
const API_KEY = /^[0-9a-f]{64}$/;

export interface IdentityAccess {
  /** Address of the server, such as `https://api.example.org`. */
  apiUrl: string;
  /** Of an attester: 64 hex digits. Without it only development attesters attest. */
  apiKey?: string | undefined;
}

interface Call {
  body?: object;
  signal?: AbortSignal | undefined;
  errors?: ErrorMaker;
}

/** That a proof does not hold: the server refuses it, and whoever asked has an answer. */
class Rejection extends IdentityError {
  constructor(
    readonly rejected: Rejected,
    error: IdentityError,
  ) {
    super(error.code, error.message, error.details);
  }
}

const VERDICTS: ErrorMaker = {
  ...ERRORS,
  refused(body) {
    const error = ERRORS.refused(body);
    return isRejected(body) ? new Rejection(body, error) : error;
  },
};

/** The routes of entity identity. Every verb rejects with an IdentityError, or with the signal's reason. */
export class IdentityHttp {
  readonly #endpoint: Endpoint;
  readonly #headers: Record<string, string>;

  /** @throws TypeError when the address is not an http(s) URL or the key not one of an attester */
  constructor({ apiUrl, apiKey }: IdentityAccess) {
    if (apiKey !== undefined && !API_KEY.test(apiKey)) throw new TypeError('apiKey must be 64 hex digits');
    this.#endpoint = endpoint(apiUrl, FOLDER);
    this.#headers = apiKey === undefined ? {} : bearer(apiKey);
  }

  registry(signal?: AbortSignal): Promise<RegistryState> {
    return this.#call('registry', isRegistryState, { signal });
  }

  /** @param after the last place seen, -1 for none */
  leaves(after: number, signal?: AbortSignal): Promise<Leaves> {
    const query = after < 0 ? `take=${MAX_PAGE}` : `after=${after}&take=${MAX_PAGE}`;
    return this.#call(`registry/leaves?${query}`, isLeaves, { signal });
  }

  provingAssets(signal?: AbortSignal): Promise<ProvingAssets> {
    return this.#call('proving/assets', isProvingAssets, { signal });
  }

  attest(body: AttestRequest, signal?: AbortSignal): Promise<AttestAnswer> {
    return this.#call('attest', isAttested, { body, signal });
  }

  async verify(claim: Claim, { signal, ...options }: VerifyOptions): Promise<Verified | Rejected> {
    const body = { ...claimOf(claim), ...options };
    try {
      return await this.#call('verify', isVerdictOn(claim), { body, signal, errors: VERDICTS });
    } catch (error) {
      if (error instanceof Rejection) return error.rejected;
      throw error;
    }
  }

  /** @throws RangeError for more proofs than one request takes */
  async verifyBatch(
    claims: readonly Claim[],
    { signal, ...options }: Omit<VerifyOptions, 'consume'>,
  ): Promise<(Verified | Rejected)[]> {
    if (claims.length > MAX_BATCH) throw new RangeError(`more than ${MAX_BATCH} proofs`);
    const body = { proofs: claims.map(claimOf), ...options };
    const { results } = await this.#call('verify/batch', isBatchAnswer, { body, signal });
    const answered = results.length === claims.length;
    if (!answered || !results.every((each, n) => !each.valid || speaksOf(each, claims[n])))
      throw localError('bad_answer');
    return results;
  }

  /** @param said its nullifier and context, as numbers of the field */
  record(
    said: { nullifier: string; contextId: string },
    claim: Claim,
    { domain, signal }: Pick<VerifyOptions, 'domain' | 'signal'>,
  ): Promise<RecordAnswer> {
    const body = { ...said, domain, ...claimOf(claim) };
    return this.#call('verify/record', isRecorded, { body, signal });
  }

  async #call<T>(
    path: string,
    guard: (answer: unknown) => answer is T,
    { body, signal, errors = ERRORS }: Call,
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const url = new URL(path, this.#endpoint.base);
    const answer = await exchange(url, { headers: this.#headers, body: text, signal }, errors);
    if (!guard(answer)) throw localError('bad_answer');
    return answer;
  }
}

/** What a server is shown of a proof: labels and whatever else an object carries stay here. */
function claimOf({ proof, publicSignals }: Claim): Claim {
  return { proof, publicSignals };
}

function speaksOf(verdict: Verified, claim: Claim | undefined): boolean {
  return claim !== undefined && isVerdictOn(claim)(verdict);
}
