import {
  Attesters,
  AuditTrail,
  EntityTypes,
  type RegisterAttester,
  RegisterAttesterAnswer,
  RevokeAttesterAnswer,
} from '@blindpost/protocol/identity';
import { Overview } from '@blindpost/protocol/overview';
import type { Static, TSchema } from 'typebox';
import { hasShape, isRecord } from './shape.js';

/** Why there is no answer: the server is away, the key is wrong, it was wrong too often, or the request is. */
export type Fault =
  | { kind: 'away' }
  | { kind: 'key' }
  | { kind: 'wait'; seconds: number }
  | { kind: 'refused'; message: string; field: string | null };

/** `more`: there is more behind the last one of a list. */
export type Answer<T> = { ok: true; value: T; more: boolean } | { ok: false; fault: Fault };

/** A server that takes longer counts as away. */
const PATIENCE_MS = 10_000;
/** Where entity identity lies. */
const IDENTITY = '/api/v1';

/** The operator's routes, asked with the operator's key. */
export class Desk {
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  overview(): Promise<Answer<Overview>> {
    return this.#ask('/admin/overview', Overview);
  }

  types(): Promise<Answer<EntityTypes>> {
    return this.#ask(`${IDENTITY}/types`, EntityTypes);
  }

  /** @param after index of the last one seen, null for the first page */
  attesters(after: number | null, take: number): Promise<Answer<Attesters>> {
    const from = after === null ? '' : `&after=${after}`;
    return this.#ask(`${IDENTITY}/registry/attesters?take=${take}${from}`, Attesters);
  }

  register(attester: RegisterAttester): Promise<Answer<RegisterAttesterAnswer>> {
    return this.#ask(`${IDENTITY}/admin/attesters`, RegisterAttesterAnswer, {
      method: 'POST',
      body: JSON.stringify(attester),
    });
  }

  revoke(id: string): Promise<Answer<RevokeAttesterAnswer>> {
    return this.#ask(`${IDENTITY}/admin/attesters/${encodeURIComponent(id)}`, RevokeAttesterAnswer, {
      method: 'DELETE',
    });
  }

  /** @param after the last sequence not wanted */
  audit(after: number, take: number): Promise<Answer<AuditTrail>> {
    return this.#ask(`${IDENTITY}/admin/audit?after=${after}&take=${take}`, AuditTrail);
  }

  async #ask<T extends TSchema>(path: string, schema: T, init: RequestInit = {}): Promise<Answer<Static<T>>> {
    const headers = this.#headers(init.body !== undefined);
    if (headers === null) return { ok: false, fault: { kind: 'key' } };
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(path, { ...init, headers, signal: AbortSignal.timeout(PATIENCE_MS) });
      body = await response.json();
    } catch {
      return { ok: false, fault: { kind: 'away' } };
    }
    if (!response.ok) return { ok: false, fault: faultOf(response, body) };
    // What answers in another shape is another server, or a proxy in front of one that is away.
    if (!hasShape(schema, body)) return { ok: false, fault: { kind: 'away' } };
    return { ok: true, value: body, more: response.headers.get('x-has-more') === 'true' };
  }

  /** Null for a key that cannot stand in a header, and so is none. */
  #headers(json: boolean): Headers | null {
    try {
      const headers = new Headers({ authorization: `Bearer ${this.#key}` });
      if (json) headers.set('content-type', 'application/json');
      return headers;
    } catch {
      return null;
    }
  }
}

function faultOf({ status, headers }: Response, body: unknown): Fault {
  if (status === 401) return { kind: 'key' };
  if (status === 429) return { kind: 'wait', seconds: Number(headers.get('retry-after') ?? 60) };
  // Read by hand: with the schema of errors all pages would load the library that makes schemas.
  if (status >= 500 || !isRecord(body) || typeof body.message !== 'string') return { kind: 'away' };
  const field = isRecord(body.details) ? body.details.field : undefined;
  return { kind: 'refused', message: body.message, field: typeof field === 'string' ? field : null };
}
