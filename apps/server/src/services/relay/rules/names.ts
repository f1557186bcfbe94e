/** How names become places in the store. */
import { blinder, deriveKey } from '../../../platform/secrets/keys.js';
import type { Name } from '../store/store.js';

/** Blinds what names people and places, each kind under a key of its own. */
export class Names {
  /** Identity hashes and aliases: one name space, because a message's `to` may be either. */
  readonly mailbox: (to: string) => Name;
  /** Nicknames compare case-folded. */
  readonly nickname: (nickname: string) => Name;
  /** Source addresses. */
  readonly address: (address: string) => string;

  constructor(secret: string) {
    this.mailbox = blinder(deriveKey(secret, 'relay mailbox'));
    const nickname = blinder(deriveKey(secret, 'relay nickname'));
    this.nickname = (text) => nickname(text.toLowerCase());
    this.address = blinder(deriveKey(secret, 'relay address'));
  }
}

/** An identity hash, as opposed to an alias of another form. */
export function isIdentityHash(to: string): boolean {
  return /^[0-9a-f]{64}$/.test(to);
}
