/** Entity identity as a client speaks it, by the wire's rules alone. */
import { type WireAnswer, wireRequest } from './wire-http.js';

export interface Asking {
  /** Sent as `Authorization: Bearer`. */
  key?: string | undefined;
  /** Source address, such as `127.0.0.2`. */
  from?: string | undefined;
  headers?: Record<string, string>;
}

export class IdentityWire {
  constructor(
    readonly url: string,
    readonly admin: string,
  ) {}

  /** `path` below `/api/v1`. */
  get(path: string, asking: Asking = {}): Promise<WireAnswer> {
    return this.send('GET', path, undefined, asking);
  }

  post(path: string, body: unknown, asking: Asking = {}): Promise<WireAnswer> {
    return this.send('POST', path, JSON.stringify(body), asking);
  }

  delete(path: string, asking: Asking = {}): Promise<WireAnswer> {
    return this.send('DELETE', path, undefined, asking);
  }

  register(body: object): Promise<WireAnswer> {
    return this.post('/admin/attesters', body, { key: this.admin });
  }

  revoke(id: string): Promise<WireAnswer> {
    return this.delete(`/admin/attesters/${id}`, { key: this.admin });
  }

  attest(body: object, key?: string): Promise<WireAnswer> {
    return this.post('/attest', body, { key });
  }

  verify(body: object, asking: Asking = {}): Promise<WireAnswer> {
    return this.post('/verify', body, asking);
  }

  record(body: object, asking: Asking = {}): Promise<WireAnswer> {
    return this.post('/verify/record', body, asking);
  }

  send(
    method: string,
    path: string,
    body: string | undefined,
    { key, from, headers }: Asking = {},
  ): Promise<WireAnswer> {
    return wireRequest(`${this.url}/api/v1${path}`, {
      method,
      from,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    });
  }
}
