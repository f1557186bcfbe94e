import { OVERHEAD } from '../message.js';
import type { NewBundle, TakeCaps } from '../store.js';

type PreKey = NewBundle['preKeys'][number];

/** A key bundle, its one-time prekeys, and what was handed out. */
export class KeyBundle {
  /** Null until the first upload. */
  sealed: string | null = null;
  discoverable = false;
  private stock: PreKey[] = [];
  private readonly spent = new Set<string>();
  private takes: { at: number; requester: string }[] = [];

  get stocked(): number {
    return this.stock.length;
  }

  /** What it counts against the bound on memory; 0 before the first upload. */
  get bytes(): number {
    return this.sealed === null ? 0 : weigh(this.sealed, this.stock);
  }

  /** How many bytes `replace` would add; negative where the new bundle is smaller. */
  growth(bundle: NewBundle): number {
    return weigh(bundle.sealed, this.unspent(bundle)) - this.bytes;
  }

  /** A new signed prekey makes the old one-time prekeys useless, so the stock is replaced, not added to. */
  replace(bundle: NewBundle): void {
    this.sealed = bundle.sealed;
    this.discoverable = bundle.discoverable !== null;
    this.stock = this.unspent(bundle);
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

  /** The prekeys that were never handed out, each once. */
  private unspent({ preKeys }: NewBundle): PreKey[] {
    const fresh = new Map<string, PreKey>();
    for (const { fingerprint, record } of preKeys) {
      if (this.spent.has(fingerprint) || fresh.has(fingerprint)) continue;
      fresh.set(fingerprint, { fingerprint, record });
    }
    return [...fresh.values()];
  }

  private forgetOldest(): void {
    const [oldest] = this.spent;
    if (oldest !== undefined) this.spent.delete(oldest);
  }
}

function weigh(sealed: string, stock: readonly PreKey[]): number {
  const sizes = stock.map(({ fingerprint, record }) => fingerprint.length + record.length + OVERHEAD);
  return sizes.reduce((sum, size) => sum + size, sealed.length + OVERHEAD);
}
