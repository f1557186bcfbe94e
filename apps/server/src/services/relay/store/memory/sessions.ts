import type { NewSession } from '../store.js';

/** The open sessions of one identity, oldest first. */
export class Sessions {
  private open: NewSession[] = [];

  /** Past `limit` the oldest goes. */
  add(session: NewSession, limit: number): void {
    this.open = this.open.filter(({ tokenHash }) => tokenHash !== session.tokenHash);
    this.open.push({ ...session });
    this.open.splice(0, this.open.length - limit);
  }

  find(tokenHash: string): NewSession | undefined {
    return this.open.find((session) => session.tokenHash === tokenHash);
  }

  /** Ends what work alone had opened: the name has an owner now. */
  revokeWork(): void {
    this.open = this.open.filter(({ by }) => by !== 'work');
  }

  expire(now: number): void {
    if (this.open.some(({ expiresAt }) => expiresAt <= now)) {
      this.open = this.open.filter(({ expiresAt }) => expiresAt > now);
    }
  }
}
