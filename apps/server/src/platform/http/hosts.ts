import { isLoopbackHost } from '../settings/platform.js';

/**
 * Which Host and Origin headers belong to this server. A foreign Host is the mark of DNS rebinding, a
 * foreign Origin on an upgrade that of cross-site WebSocket hijacking.
 */
export class Hosts {
  readonly #public: URL | undefined;

  constructor(publicUrl: string | undefined) {
    this.#public = publicUrl === undefined ? undefined : new URL(publicUrl);
  }

  accepts(host: string | undefined): boolean {
    // No user, path or query may hide around the name.
    if (host === undefined || /[@/?#\\]/.test(host) || !URL.canParse(`http://${host}`)) return false;
    const { hostname, host: name } = new URL(`http://${host}`);
    if (isLoopbackHost(hostname)) return true;
    // Standard ports may be spelled or left out.
    return this.#public !== undefined && (name === this.#public.host || hostname === this.#public.hostname);
  }

  /** Absent (no browser), the page's own host, or the public URL's. */
  acceptsOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
    if (origin === undefined) return true;
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    return url.host === host || url.origin === this.#public?.origin || allowed.includes(url.origin);
  }
}
