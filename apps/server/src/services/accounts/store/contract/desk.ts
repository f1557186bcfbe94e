import { randomBytes } from 'node:crypto';
import type { Database } from '../../../../platform/sql/database.js';
import { type Admitted, admit } from '../admit.js';
import { type Credentials, credentials } from '../credentials.js';
import { deleteAccount } from '../delete-account.js';
import { closeErasure, openErasures } from '../erasures.js';
import { missing } from '../missing.js';
import { type Registered, register } from '../register.js';
import { revokeAll } from '../revoke-all.js';
import { revokeToken } from '../revoke-token.js';
import { standing } from '../standing.js';
import { sweep } from '../sweep.js';

export const newId = (): Uint8Array => Uint8Array.from(randomBytes(16));
export const newKey = (): Uint8Array => Uint8Array.from(randomBytes(32));

/** Drives the store as the commands do, at a time that only the test moves. */
export class Desk {
  now = 1_750_000_000_000;

  constructor(readonly db: Database) {}

  register(publicKey: Uint8Array, id = newId()): Promise<Registered> {
    return this.db.write(register, { id, publicKey, now: this.now });
  }

  /** A new account of its own key. */
  async account(): Promise<Uint8Array> {
    return (await this.register(newKey())).account;
  }

  admit(account: Uint8Array, issuedAt = this.now): Promise<Admitted> {
    return this.db.write(admit, { account, issuedAt, now: this.now });
  }

  credentials(account: Uint8Array): Promise<Credentials | null> {
    return this.db.read(credentials, { account });
  }

  standing(account: Uint8Array, token = newId()) {
    return this.db.read(standing, { account, token });
  }

  revokeToken(token: Uint8Array, expiresAt = this.now + 3_600_000): Promise<null> {
    return this.db.write(revokeToken, { token, expiresAt });
  }

  revokeAll(account: Uint8Array, until: number | null = null): Promise<null> {
    return this.db.write(revokeAll, { account, until });
  }

  delete(account: Uint8Array, until: number | null = null): Promise<null> {
    return this.db.write(deleteAccount, { account, now: this.now, until });
  }

  /** Erasures of accounts deleted until now, as hex. */
  async erasures(): Promise<string[]> {
    const accounts = await this.db.read(openErasures, { before: this.now + 1 });
    return accounts.map(hex);
  }

  closeErasure(account: Uint8Array): Promise<null> {
    return this.db.write(closeErasure, { account });
  }

  async exists(account: Uint8Array): Promise<boolean> {
    return (await this.missing([account])).length === 0;
  }

  missing(ids: readonly Uint8Array[]): Promise<Uint8Array[]> {
    return this.db.read(missing, { ids });
  }

  sweep(): Promise<boolean> {
    return this.db.write(sweep, { now: this.now });
  }
}

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
