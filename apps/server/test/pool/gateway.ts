/** The LLM gateway's side: its table of redemption codes in a real MariaDB, read and hindered by a test. */
import type { MariadbServer } from '@blindpost/testbed/mariadb';
import { createConnection, type RowDataPacket } from 'mysql2/promise';

/** As the gateway's own migration makes it. */
const TABLE = `create table redemptions (
  id bigint primary key auto_increment,
  user_id bigint,
  \`key\` char(32),
  status bigint default 1,
  name varchar(191),
  quota bigint default 100,
  created_time bigint,
  redeemed_time bigint,
  used_user_id bigint,
  deleted_at datetime(3),
  expired_time bigint,
  unique index idx_redemptions_key (\`key\`),
  index idx_redemptions_name (name),
  index idx_redemptions_deleted_at (deleted_at)
)`;

export interface GatewayCode {
  key: string;
  status: number;
  name: string;
  quota: number;
  created_time: number;
}

export class Gateway {
  constructor(readonly server: MariadbServer) {}

  create(): Promise<void> {
    return this.run(TABLE);
  }

  /** Runs one statement as the database's owner. */
  async run(statement: string): Promise<void> {
    await this.#rows(statement);
  }

  /** The rows of one code. */
  async codes(code: string): Promise<GatewayCode[]> {
    const rows = await this.#rows('select * from redemptions where `key` = ?', [code]);
    return rows.map(({ key, status, name, quota, created_time }) => ({
      key: String(key),
      status: Number(status),
      name: String(name),
      quota: Number(quota),
      created_time: Number(created_time),
    }));
  }

  async #rows(statement: string, values: string[] = []): Promise<RowDataPacket[]> {
    const connection = await createConnection(this.server.url);
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statement, values);
      return Array.isArray(rows) ? rows : [];
    } finally {
      await connection.end();
    }
  }
}
