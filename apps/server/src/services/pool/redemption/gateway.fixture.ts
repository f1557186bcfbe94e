/** The gateway's database as its owner sees it. */
import { randomBytes } from 'node:crypto';
import type { MariadbServer } from '@blindpost/testbed/mariadb';
import type { Redemption } from './sink.js';

/** What a table may be like: with or without the unique key, and with columns that insist on a value. */
export type TableKind = 'unique' | 'without unique key' | 'insisting';

export class Gateway {
  /** For the pool, as its operator would set it. */
  readonly url: string;
  readonly name: string;
  readonly #server: MariadbServer;

  private constructor(server: MariadbServer, url: string) {
    this.url = url;
    this.name = new URL(url).pathname.slice(1);
    this.#server = server;
  }

  static async make(server: MariadbServer, kind: TableKind = 'unique'): Promise<Gateway> {
    const gateway = new Gateway(server, await server.freshDatabase());
    const rest = kind === 'insisting' ? 'bigint NOT NULL' : 'bigint';
    const key = kind === 'without unique key' ? '' : ', UNIQUE KEY (`key`)';
    await server.sql(
      `CREATE TABLE ${gateway.name}.redemptions (id bigint AUTO_INCREMENT PRIMARY KEY, user_id ${rest},
         \`key\` char(32), status bigint DEFAULT 1, name varchar(191), quota bigint DEFAULT 100,
         created_time ${rest}, redeemed_time ${rest}, used_user_id ${rest}, deleted_at datetime(3),
         expired_time ${rest}${key})`.replaceAll(/\s+/g, ' '),
    );
    return gateway;
  }

  /** What is there, as `key status name quota created_time`. */
  async codes(): Promise<string[]> {
    const rows = await this.sql(
      'SELECT `key`, status, name, quota, created_time FROM redemptions ORDER BY id',
    );
    return rows.map((row) => row.replaceAll('\t', ' '));
  }

  sql(statements: string): Promise<string[]> {
    return this.#server.sql(`USE ${this.name}; ${statements}`);
  }
}

/** A new code; created 1,700,000,000.999 s after the epoch. */
export function someRedemption(quota = 12_345): Redemption {
  const code = randomBytes(16).toString('hex');
  return { id: randomBytes(16), code, quota, createdAtMs: 1_700_000_000_999 };
}

/** The row it should have become. */
export function rowOf({ code, quota }: Redemption): string {
  return `${code} 1 blindpost ${quota} 1700000000`;
}
