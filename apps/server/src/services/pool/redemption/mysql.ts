import { type Connection, createConnection, type ResultSetHeader, type RowDataPacket } from 'mysql2';
import { Line } from './line.js';
import { failed, isNamed } from './mysql-failure.js';
import type { MysqlAddress } from './mysql-url.js';
import type { Delivery, Redemption, RedemptionSink } from './sink.js';

const TIMEOUT_MS = 4_000;
/** Time another try of the same code has; less than a statement's, so that the server can say no. */
const LOCK_SECONDS = 2;
const CONNECTIONS = 2;
/** Tries that may wait for one. */
const WAITING = 64;
/** Who a code is from, in the gateway's list. */
const NAME = 'blindpost';
/** Status of a code that can be redeemed. */
const ENABLED = 1;

/** Columns that mean "none" at 0: the gateway's own list of good codes passes over those where they are NULL. */
const ZEROES = ['user_id', 'redeemed_time', 'used_user_id', 'expired_time'];

/**
 * Writes codes into the table `redemptions` of an LLM gateway of the "new-api" kind, in MySQL or MariaDB. It
 * needs the rights to SELECT and INSERT there; the table's defaults rule what we do not name.
 *
 * Each code has a connection of its own, of which there are few: codes are rare, and a connection that is kept
 * keeps rights and settings that its owner has changed since.
 */
export class MysqlSink implements RedemptionSink {
  readonly #address: MysqlAddress;
  readonly #timeoutMs: number;
  readonly #line = new Line(CONNECTIONS, WAITING);
  readonly #underWay = new Set<Promise<Delivery>>();
  #healthy = true;

  /** @param timeoutMs for connecting, and for each statement */
  constructor(address: MysqlAddress, timeoutMs = TIMEOUT_MS) {
    this.#address = address;
    this.#timeoutMs = timeoutMs;
  }

  async deliver(redemption: Redemption): Promise<Delivery> {
    const delivering = this.#inTurn(redemption);
    this.#underWay.add(delivering);
    const delivery = await delivering;
    this.#underWay.delete(delivering);
    this.#healthy = delivery.outcome === 'delivered';
    return delivery;
  }

  healthy(): boolean {
    return this.#healthy;
  }

  async close(): Promise<void> {
    this.#line.close();
    await Promise.all(this.#underWay);
  }

  async #inTurn(redemption: Redemption): Promise<Delivery> {
    if (!(await this.#line.enter())) return { outcome: 'refused', reason: 'BUSY' };
    try {
      return await this.#try(redemption);
    } finally {
      this.#line.leave();
    }
  }

  async #try(redemption: Redemption): Promise<Delivery> {
    const connection = createConnection({
      ...this.#address,
      connectTimeout: this.#timeoutMs,
      disableEval: true,
    });
    // Whoever waits for an answer is told as well; an error that nobody listens to would end the process.
    connection.on('error', () => {});
    let asked = false;
    try {
      await connection.promise().connect();
      asked = true;
      // Servers may be set not to commit by themselves.
      await this.#ask(connection, 'SET autocommit = 1', []);
      const delivery = await this.#store(connection, redemption);
      connection.end(() => connection.destroy());
      return delivery;
    } catch (error) {
      connection.destroy();
      return failed(error, asked);
    }
  }

  /**
   * Looks first: of an earlier try the row may be there while the answer was lost. Whoever tries the same code
   * waits, also for a try that was given up here and is still under way there: the table may have no UNIQUE key.
   */
  async #store(connection: Connection, redemption: Redemption): Promise<Delivery> {
    const lock = 'SELECT GET_LOCK(?, ?) AS held';
    // It goes with the connection.
    const [row] = await this.#ask<RowDataPacket[]>(connection, lock, [redemption.code, LOCK_SECONDS]);
    if (Number(row?.held) !== 1) return { outcome: 'unknown', reason: 'UNDER_WAY' };
    const known = await this.#look(connection, redemption);
    if (known !== null) return known;
    try {
      await this.#insert(connection, redemption);
      return { outcome: 'delivered' };
    } catch (error) {
      const since = isNamed(error, 'ER_DUP_ENTRY') ? await this.#look(connection, redemption) : null;
      if (since === null) throw error;
      return since;
    }
  }

  /** Null: the code is not there. Whether it was spent or hidden since does not matter. */
  async #look(connection: Connection, { code, quota }: Redemption): Promise<Delivery | null> {
    const sql = 'SELECT quota = ? AS same FROM redemptions WHERE `key` = ? ORDER BY same DESC LIMIT 1';
    const [row] = await this.#ask<RowDataPacket[]>(connection, sql, [quota, code]);
    if (row === undefined) return null;
    return Number(row.same) === 1 ? { outcome: 'delivered' } : { outcome: 'refused', reason: 'CODE_TAKEN' };
  }

  async #insert(connection: Connection, redemption: Redemption): Promise<void> {
    const { code, quota, createdAtMs } = redemption;
    const zeroes = await this.#unset(connection);
    const columns = ['`key`', 'status', 'name', 'quota', 'created_time', ...zeroes].join(', ');
    const values = [code, ENABLED, NAME, quota, Math.floor(createdAtMs / 1000), ...zeroes.map(() => 0)];
    const sql = `INSERT INTO redemptions (${columns}) VALUES (${values.map(() => '?').join(', ')})`;
    await this.#ask(connection, sql, values);
  }

  /** Those of the columns that the table has and gives no value of its own; MariaDB writes such a default as a word. */
  async #unset(connection: Connection): Promise<string[]> {
    const rows = await this.#ask<RowDataPacket[]>(
      connection,
      `SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE()
       AND table_name = 'redemptions' AND (column_default IS NULL OR column_default = 'NULL')`,
      [],
    );
    const names = rows.map(({ name }) => String(name));
    return ZEROES.filter((column) => names.includes(column));
  }

  /** Values are written into the text, where a whole number stays one; `execute` would send it as a double. */
  async #ask<T extends RowDataPacket[] | ResultSetHeader>(
    connection: Connection,
    sql: string,
    values: (string | number)[],
  ): Promise<T> {
    const [answer] = await connection.promise().query<T>({ sql, values, timeout: this.#timeoutMs });
    return answer;
  }
}
