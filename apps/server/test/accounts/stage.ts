/** One server with accounts (or several on one PostgreSQL) for a suite, run once on each database. */
import { type AccountOptions, makeAccount, type TestAccount } from '@blindpost/testbed/wire-account';
import { type WireAnswer, type WireRequest, wireRequest } from '@blindpost/testbed/wire-http';
import { type DatabaseName, DatabaseStage, onStages } from '../database-stage.js';
import type { Settings } from '../relay/stage.js';

export { SECRET } from '../database-stage.js';
export { eventually, SCALE } from '../relay/stage.js';

export interface StageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  /** Default: both. */
  databases?: readonly DatabaseName[];
  /** A server that no other suite uses; so is every suite with settings. Default: that of the run. */
  own?: boolean;
}

export class Stage extends DatabaseStage {
  constructor(database: DatabaseName, { env, own = env !== undefined }: StageOptions) {
    super(database, {
      services: ['e2ee'],
      ...(env === undefined ? {} : { env }),
      standing: own ? undefined : `accounts on ${database}`,
    });
  }

  /** A new account, logged in. */
  account(options: AccountOptions = {}): Promise<TestAccount> {
    return makeAccount(this.url, options);
  }

  post(path: string, body: unknown, options: WireRequest = {}): Promise<WireAnswer> {
    const headers = { 'content-type': 'application/json', ...options.headers };
    return this.request(path, { method: 'POST', body: JSON.stringify(body), ...options, headers });
  }

  request(path: string, options: WireRequest = {}): Promise<WireAnswer> {
    return wireRequest(`${this.url}/api/accounts${path}`, options);
  }

  /** Ends the token, or all of its account. */
  revoke(token: string, all?: boolean, url = this.url): Promise<WireAnswer> {
    const authorization = `Bearer ${token}`;
    const body = all === undefined ? {} : { body: JSON.stringify({ all }) };
    const headers = { authorization, ...(all === undefined ? {} : { 'content-type': 'application/json' }) };
    return wireRequest(`${url}/api/accounts/revoke`, { method: 'POST', headers, ...body });
  }

  /** Erases the account. */
  erase(token: string, url = this.url): Promise<WireAnswer> {
    const headers = { authorization: `Bearer ${token}` };
    return wireRequest(`${url}/api/accounts/me`, { method: 'DELETE', headers });
  }

  /**
   * What a request with this token meets, without ending it: a body that no token lets pass is looked at only
   * behind the token, and is 400 there.
   */
  probe(token: string, url = this.url): Promise<WireAnswer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return wireRequest(`${url}/api/accounts/revoke`, { method: 'POST', headers, body: '{"all":1}' });
  }

  /** Whether the token holds. */
  async holds(token: string, url = this.url): Promise<boolean> {
    const answer = await this.probe(token, url);
    if (answer.status !== 400 && answer.status !== 401) throw new Error(String(answer));
    return answer.status === 400;
  }
}

/** Defines the suite once per database, each on a stage of its own. */
export async function onEveryDatabase(
  title: string,
  define: (stage: Stage) => void,
  options: StageOptions = {},
): Promise<void> {
  const databases = options.databases ?? ['sqlite', 'postgres'];
  const stages = new Map(databases.map((name) => [name, () => new Stage(name, options)] as const));
  await onStages(title, stages, define);
}
