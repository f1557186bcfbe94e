import { isLoopbackHost } from '../settings/platform.js';

/**
 * Which Host and Origin headers belong to this server. A foreign Host is the mark of DNS rebinding, a
 * foreign Origin on an upgrade that of cross-site WebSocket hijacking.
 */
export class Hosts {
  readonly #public: URL | undefined;
  /** The last one that was accepted. */
  #accepted: string | undefined;

  constructor(publicUrl: string | undefined) {
    this.#public = publicUrl === undefined ? undefined : new URL(publicUrl);
  }

  accepts(host: string | undefined): boolean {
    // Nearly every request names the one it was dialled by, and to read a URL takes longer than the rest of this.
    if (host !== undefined && host === this.#accepted) return true;
    const url = dialled(host, 'http:');
    const accepted =
      url !== null && (isLoopbackHost(url.hostname) || url.hostname === this.#public?.hostname);
    if (accepted) this.#accepted = host;
    return accepted;
  }

  /**
   * Whether the host is surely this server, so that what is signed for it cannot have been meant for another:
   * the public URL's with its port, or a loopback name dialled from this very machine.
   * @param local whether the request surely comes from this machine
   */
  isOwn(host: string | undefined, local: boolean): boolean {
    // Read under the public scheme, whose standard port may then be spelled or left out.
    const url = dialled(host, this.#public?.protocol ?? 'http:');
    if (url === null) return false;
    return url.host === this.#public?.host || (local && isLoopbackHost(url.hostname));
  }

  /** Absent (no browser), the page's own host, or the public URL's. */
  acceptsOrigin(origin: string | undefined, host: string | undefined, allowed: readonly string[]): boolean {
    if (origin === undefined) return true;
    if (!URL.canParse(origin)) return false;
    const url = new URL(origin);
    return url.host === host || url.origin === this.#public?.origin || allowed.includes(url.origin);
  }
}

function dialled(host: string | undefined, protocol: string): URL | null {
  // No user, path or query may hide around the name.
  if (host === undefined || /[@/?#\\]/.test(host)) return null;
  return URL.canParse(`${protocol}//${host}`) ? new URL(`${protocol}//${host}`) : null;
}
