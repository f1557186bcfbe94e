import { admit, type Demand, type TurnedAway } from './gate.js';
import type { VerifiedEntity } from './verified-entity.js';

/** A request of Node, Express or whatever else speaks as these do. */
export interface GatedRequest {
  headers: { [name: string]: string | string[] | undefined };
  /** Set by the middleware, for the handlers behind it. */
  entity?: VerifiedEntity;
}

/** A response of Node, as far as it is needed. */
export interface GatedResponse {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(body: string): unknown;
}

export interface EntityProofOptions<Request extends GatedRequest> extends Demand {
  /**
   * What this request must have been proven for. The service's choice: a nonce it handed out, a session, an hour. A
   * context taken from the caller would let an overheard proof in.
   */
  contextId: (request: Request) => string | Promise<string>;
}

export type EntityProofMiddleware<Request extends GatedRequest> = (
  request: Request,
  response: GatedResponse,
  next: (error?: unknown) => void,
) => Promise<void>;

/**
 * Lets requests through that prove what they come from, by `Entity-Type`, `Entity-Proof` and `Entity-Signals`; sets
 * `request.entity`. All others are answered: 401 without a proof that holds here, 403 for the wrong type, 400 for
 * headers that cannot be read, 503 when nobody can tell. What `contextId` throws goes to `next`.
 */
export function entityProof<Request extends GatedRequest = GatedRequest>({
  contextId,
  ...demand
}: EntityProofOptions<Request>): EntityProofMiddleware<Request> {
  return async (request, response, next) => {
    let admission: Awaited<ReturnType<typeof admit>>;
    try {
      admission = await admit((name) => single(request.headers[name]), await contextId(request), demand);
    } catch (error) {
      next(error);
      return;
    }
    if (!admission.ok) {
      answer(response, admission);
      return;
    }
    request.entity = admission.entity;
    next();
  };
}

/** Two values of one header are none: who knows which of them others would look at. */
function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function answer(response: GatedResponse, { status, headers, body }: TurnedAway): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.setHeader('cache-control', 'no-store');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.end(JSON.stringify(body));
}
