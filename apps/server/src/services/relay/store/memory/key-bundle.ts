import type { NewBundle, TakeCaps } from '../store.js';

/** A key bundle, its one-time prekeys, and what was handed out. */
export class KeyBundle {
  /** Null until the first upload. */
  sealed: string | null = null;
  discoverable = false;
  private stock: NewBundle['preKeys'][number][] = [];
  private readonly spent = new Set<string>();
  private takes: { at: number; requester: string }[] = [];

  get stocked(): number {
    return this.stock.length;
  }

  /** A new signed prekey makes the old one-time prekeys useless, so the stock is replaced, not added to. */
  replace(bundle: NewBundle): void {
    this.sealed = bundle.sealed;
    this.discoverable = bundle.discoverable !== null;
    const fresh = new Map<string, NewBundle['preKeys'][number]>();
    for (const preKey of bundle.preKeys) {
      const { fingerprint, record } = preKey;
      if (this.spent.has(fingerprint) || fresh.has(fingerprint)) continue;
      fresh.set(fingerprint, { fingerprint, record });
    }
    this.stock = [...fresh.values()];
  }

  /**
   * One prekey that nobody gets again, null when there is none or the caps are reached. The caps hold for
   * every span of `windowMs`, wherever it begins; only what was handed out counts.
   */
  take(requester: string, caps: TakeCaps, now: number, spentLimit: number): string | null {
    this.takes = this.takes.filter(({ at }) => at > now - caps.windowMs);
    if (this.takes.length >= caps.perTarget) return null;
    if (this.takes.filter((take) => take.requester === requester).length >= caps.perRequester) return null;
    const preKey = this.stock.shift();
    if (preKey === undefined) return null;
    this.takes.push({ at: now, requester });
    this.spent.add(preKey.fingerprint);
    if (this.spent.size > spentLimit) this.forgetOldest();
    return preKey.record;
  }

  private forgetOldest(): void {
    const [oldest] = this.spent;
    if (oldest !== undefined) this.spent.delete(oldest);
  }
}
