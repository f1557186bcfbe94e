import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { type DroppingProxy, startDroppingProxy } from '@blindpost/testbed/dropping-proxy';
import { type MariadbServer, mariadbMissing, startMariadb } from '@blindpost/testbed/mariadb';
import { freePort } from '@blindpost/testbed/ports';
import { createConnection } from 'mysql2';
import { Gateway, rowOf, someRedemption, type TableKind } from './gateway.fixture.js';
import { MysqlSink } from './mysql.js';
import { readMysqlUrl } from './mysql-url.js';
import type { Delivery, RedemptionSink } from './sink.js';

const DELIVERED: Delivery = { outcome: 'delivered' };
const skip = await mariadbMissing();

const open: { close(): Promise<void> }[] = [];
function openSink(url: string, timeoutMs?: number): RedemptionSink {
  const sink = new MysqlSink(readMysqlUrl(url), timeoutMs);
  open.push(sink);
  return sink;
}
afterEach(async () => {
  for (const sink of open.splice(0)) await sink.close();
});

function at(url: string, port: number): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}

describe('codes in a gateway’s MariaDB', { skip }, () => {
  let mariadb: MariadbServer;
  before(async () => {
    // Sessions that do not commit by themselves, as an operator may have set.
    mariadb = await startMariadb({ args: ['--autocommit=0'] });
  });
  after(() => mariadb.stop());

  for (const kind of ['unique', 'without unique key', 'insisting'] satisfies TableKind[]) {
    test(`a code is inserted once, however often it is delivered: table ${kind}`, async () => {
      const gateway = await Gateway.make(mariadb, kind);
      const redemption = someRedemption();
      const [one, two] = [openSink(gateway.url), openSink(gateway.url)];
      assert.deepEqual(await one.deliver(redemption), DELIVERED);
      assert.deepEqual(await two.deliver(redemption), DELIVERED);
      assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
    });
  }

  for (const kind of ['unique', 'without unique key'] satisfies TableKind[]) {
    test(`20 racing deliveries of one code by two servers give one row: table ${kind}`, async () => {
      const gateway = await Gateway.make(mariadb, kind);
      const sinks = [openSink(gateway.url), openSink(gateway.url)];
      const redemption = someRedemption();
      const deliveries = await Promise.all(
        Array.from({ length: 20 }, (_, index) => sinks[index % 2]?.deliver(redemption)),
      );
      for (const delivery of deliveries) assert.deepEqual(delivery, DELIVERED);
      assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
    });
  }

  test('columns we do not name have the table’s defaults', async () => {
    const gateway = await Gateway.make(mariadb);
    await gateway.sql(
      "ALTER TABLE redemptions ALTER user_id SET DEFAULT 7, ADD COLUMN later text DEFAULT 'x'",
    );
    assert.deepEqual(await openSink(gateway.url).deliver(someRedemption()), DELIVERED);
    const rows = await gateway.sql(
      'SELECT user_id, later, redeemed_time, expired_time, deleted_at FROM redemptions',
    );
    assert.deepEqual(rows, ['7\tx\t0\t0\tNULL']);
  });

  test('the largest whole number arrives as it is', async () => {
    const gateway = await Gateway.make(mariadb);
    const redemption = someRedemption(Number.MAX_SAFE_INTEGER);
    assert.deepEqual(await openSink(gateway.url).deliver(redemption), DELIVERED);
    assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
  });

  test('a code that was spent or hidden since is delivered, not inserted again', async () => {
    const gateway = await Gateway.make(mariadb, 'without unique key');
    const sink = openSink(gateway.url);
    const redemption = someRedemption();
    await sink.deliver(redemption);
    await gateway.sql('UPDATE redemptions SET status = 3, deleted_at = NOW(), redeemed_time = 1; COMMIT');
    assert.deepEqual(await sink.deliver(redemption), DELIVERED);
    assert.equal((await gateway.codes()).length, 1);
  });

  test('a code that is there for another quota is refused', async () => {
    const gateway = await Gateway.make(mariadb);
    const sink = openSink(gateway.url);
    const redemption = someRedemption(5);
    await sink.deliver(redemption);
    const other = await sink.deliver({ ...redemption, quota: 6 });
    assert.deepEqual(other, { outcome: 'refused', reason: 'CODE_TAKEN' });
    assert.equal(sink.healthy(), false);
    assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
  });
});

describe('a gateway’s MariaDB that refuses', { skip }, () => {
  let mariadb: MariadbServer;
  before(async () => {
    mariadb = await startMariadb();
  });
  after(() => mariadb.stop());

  const refusals: {
    name: string;
    upset: (gateway: Gateway) => string;
    mend: (gateway: Gateway) => string;
    reason: string;
  }[] = [
    {
      name: 'the table is missing',
      upset: () => 'RENAME TABLE redemptions TO elsewhere',
      mend: () => 'RENAME TABLE elsewhere TO redemptions',
      reason: 'ER_NO_SUCH_TABLE',
    },
    {
      name: 'the right to INSERT was revoked',
      upset: ({ name }) => `REVOKE INSERT ON ${name}.* FROM blindpost@127.0.0.1`,
      mend: ({ name }) => `GRANT INSERT ON ${name}.* TO blindpost@127.0.0.1`,
      reason: 'ER_TABLEACCESS_DENIED_ERROR',
    },
    {
      name: 'it is read-only',
      upset: () => 'SET GLOBAL read_only = ON',
      mend: () => 'SET GLOBAL read_only = OFF',
      reason: 'ER_OPTION_PREVENTS_STATEMENT',
    },
    {
      name: 'the quota is more than the column holds',
      upset: () => 'ALTER TABLE redemptions MODIFY quota tinyint',
      mend: () => 'ALTER TABLE redemptions MODIFY quota bigint',
      reason: 'ER_WARN_DATA_OUT_OF_RANGE',
    },
    {
      name: 'a column we do not know insists on a value',
      upset: () => 'ALTER TABLE redemptions ADD COLUMN batch varchar(9) NOT NULL',
      mend: () => 'ALTER TABLE redemptions DROP COLUMN batch',
      reason: 'ER_NO_DEFAULT_FOR_FIELD',
    },
  ];
  for (const { name, upset, mend, reason } of refusals) {
    test(`${name}: refused, nothing stored; delivered once that is mended`, async () => {
      const gateway = await Gateway.make(mariadb);
      const sink = openSink(gateway.url);
      const redemption = someRedemption();
      await gateway.sql(upset(gateway));
      assert.deepEqual(await sink.deliver(redemption), { outcome: 'refused', reason });
      assert.equal(sink.healthy(), false);
      await gateway.sql(mend(gateway));
      assert.deepEqual(await gateway.codes(), []);
      assert.deepEqual(await sink.deliver(redemption), DELIVERED);
      assert.equal(sink.healthy(), true);
      assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
    });
  }

  test('a wrong password is refused, and no reason holds what is secret', async () => {
    const gateway = await Gateway.make(mariadb);
    const wrong = new URL(gateway.url);
    wrong.password = 'hunter2';
    const delivery = await openSink(wrong.href).deliver(someRedemption());
    assert.deepEqual(delivery, { outcome: 'refused', reason: 'ER_ACCESS_DENIED_ERROR' });
  });

  test('a code that is there already is delivered even where nothing may be written', async () => {
    const gateway = await Gateway.make(mariadb);
    const sink = openSink(gateway.url);
    const redemption = someRedemption();
    await sink.deliver(redemption);
    await mariadb.sql('SET GLOBAL read_only = ON');
    assert.deepEqual(await sink.deliver(redemption), DELIVERED);
    await mariadb.sql('SET GLOBAL read_only = OFF');
  });

  test('a server without TLS is not spoken to in clear when TLS is asked for', async () => {
    const gateway = await Gateway.make(mariadb);
    const sink = openSink(`${gateway.url}?ssl-mode=VERIFY_CA`);
    assert.equal((await sink.deliver(someRedemption())).outcome, 'refused');
    assert.deepEqual(await gateway.codes(), []);
  });
});

describe('a gateway’s MariaDB that fails', { skip }, () => {
  let mariadb: MariadbServer;
  let gateway: Gateway;
  before(async () => {
    mariadb = await startMariadb();
    gateway = await Gateway.make(mariadb, 'without unique key');
  });
  after(() => mariadb.stop());
  afterEach(() => gateway.sql('DELETE FROM redemptions'));

  test('one that was never there is refused', async () => {
    const sink = openSink(at(gateway.url, await freePort()));
    assert.deepEqual(await sink.deliver(someRedemption()), { outcome: 'refused', reason: 'ECONNREFUSED' });
  });

  test('one that was killed is refused, and is delivered to when it is back', async () => {
    const sink = openSink(gateway.url);
    const [before, during] = [someRedemption(), someRedemption()];
    assert.deepEqual(await sink.deliver(before), DELIVERED);
    await mariadb.kill();
    assert.equal((await sink.deliver(during)).outcome, 'refused');
    await mariadb.restart();
    assert.deepEqual(await sink.deliver(during), DELIVERED);
    assert.deepEqual(await gateway.codes(), [rowOf(before), rowOf(during)]);
  });

  test('one that is silent is unknown, and what it does late makes no second row', async () => {
    const redemption = someRedemption();
    mariadb.pause();
    const delivery = await openSink(gateway.url, 200).deliver(redemption);
    mariadb.resume();
    assert.deepEqual(delivery, { outcome: 'unknown', reason: 'ETIMEDOUT' });
    const sink = openSink(gateway.url);
    assert.deepEqual(await sink.deliver(redemption), DELIVERED);
    assert.deepEqual(await sink.deliver(redemption), DELIVERED);
    assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
  });

  test('an insert that waits for a lock is unknown, and one row when it is tried again', async () => {
    const redemption = someRedemption();
    const owner = createConnection(readMysqlUrl(gateway.url)).promise();
    await owner.query('LOCK TABLES redemptions READ');
    const delivery = await openSink(gateway.url, 1_000).deliver(redemption);
    await owner.end();
    assert.deepEqual(delivery, { outcome: 'unknown', reason: 'PROTOCOL_SEQUENCE_TIMEOUT' });
    assert.deepEqual(await openSink(gateway.url).deliver(redemption), DELIVERED);
    assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
  });

  test('a code that another try is at work on is unknown', async () => {
    const redemption = someRedemption();
    const other = createConnection(readMysqlUrl(gateway.url)).promise();
    await other.query('DO GET_LOCK(?, 0)', [redemption.code]);
    const delivery = await openSink(gateway.url).deliver(redemption);
    await other.end();
    assert.deepEqual(delivery, { outcome: 'unknown', reason: 'UNDER_WAY' });
    assert.deepEqual(await gateway.codes(), []);
  });

  test('what waits behind a silent server is bounded, and refused beyond that', async () => {
    const sink = openSink(gateway.url, 20);
    mariadb.pause();
    const deliveries = await Promise.all(Array.from({ length: 80 }, () => sink.deliver(someRedemption())));
    mariadb.resume();
    assert.equal(deliveries.filter(({ outcome }) => outcome === 'unknown').length, 66);
    assert.deepEqual(deliveries.at(-1), { outcome: 'refused', reason: 'BUSY' });
  });

  test('closing waits for the tries under way and sends the others away', async () => {
    const sink = new MysqlSink(readMysqlUrl(gateway.url), 200);
    mariadb.pause();
    const deliveries = [1, 2, 3].map(() => sink.deliver(someRedemption()));
    await sink.close();
    mariadb.resume();
    const outcomes = (await Promise.all(deliveries)).map(({ outcome }) => outcome);
    assert.deepEqual(outcomes, ['unknown', 'unknown', 'refused']);
    assert.equal((await sink.deliver(someRedemption())).outcome, 'refused');
  });

  describe('behind a network that loses answers', () => {
    let proxy: DroppingProxy;
    before(async () => {
      proxy = await startDroppingProxy(mariadb.port);
    });
    after(() => proxy.stop());

    test('a code whose answer is lost is unknown, then delivered, in one row', async () => {
      const sink = openSink(at(gateway.url, proxy.port));
      const redemption = someRedemption();
      proxy.loseAnswerTo('INSERT INTO redemptions');
      assert.deepEqual(await sink.deliver(redemption), {
        outcome: 'unknown',
        reason: 'PROTOCOL_CONNECTION_LOST',
      });
      assert.equal(proxy.lost, 1);
      assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
      assert.deepEqual(await sink.deliver(redemption), DELIVERED);
      assert.deepEqual(await gateway.codes(), [rowOf(redemption)]);
    });
  });
});
