import { type Account, HOUSE, mayOwe, type Transfer } from './ledger.js';

/** The books as a plain map: what any store of them must come to. */
export class ModelLedger {
  readonly #balances = new Map<string, number>(HOUSE.map((account) => [account, 0]));

  /** Books it; false when the account it is taken from does not cover it. */
  post({ from, to, amount }: Transfer): boolean {
    if (!mayOwe(from) && this.balance(from) < amount) return false;
    this.#balances.set(nameOf(from), this.balance(from) - amount);
    this.#balances.set(nameOf(to), this.balance(to) + amount);
    return true;
  }

  balance(account: Account): number {
    return this.#balances.get(nameOf(account)) ?? 0;
  }

  sum(): number {
    return [...this.#balances.values()].reduce((sum, balance) => sum + balance, 0);
  }

  /** Balances of all miners together. */
  miners(): number {
    return this.sum() - HOUSE.reduce((sum, account) => sum + this.balance(account), 0);
  }
}

function nameOf(account: Account): string {
  return typeof account === 'string' ? account : Buffer.from(account).toString('hex');
}
