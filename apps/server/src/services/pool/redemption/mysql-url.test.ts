import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type MariadbServer, mariadbMissing, startMariadb } from '@blindpost/testbed/mariadb';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { StartRefused } from '../../../platform/start-refused.js';
import { Gateway, rowOf, someRedemption } from './gateway.fixture.js';
import { MysqlSink } from './mysql.js';
import { readMysqlUrl } from './mysql-url.js';

describe('the URL of the gateway’s database', () => {
  test('its parts are unescaped, the port is 3306, nothing is encrypted', () => {
    assert.deepEqual(readMysqlUrl('mysql://us%40er:p%3Aw%20@db.example/ga%2Dte'), {
      host: 'db.example',
      port: 3306,
      user: 'us@er',
      password: 'p:w ',
      database: 'ga-te',
    });
    const { host, port, password } = readMysqlUrl('mariadb://u@[::1]:3307/d');
    assert.deepEqual([host, port, password], ['::1', 3307, '']);
  });

  test('TLS always looks at the certificate', () => {
    const verified = { rejectUnauthorized: true, verifyIdentity: false };
    assert.deepEqual(readMysqlUrl('mysql://u@h/d?ssl-mode=VERIFY_CA').ssl, verified);
    const identified = { ...verified, verifyIdentity: true };
    assert.deepEqual(readMysqlUrl('mysql://u@h/d?ssl-mode=VERIFY_IDENTITY').ssl, identified);
    assert.equal(readMysqlUrl('mysql://u@h/d?ssl-mode=DISABLED').ssl, undefined);
  });

  for (const [name, tail] of [
    ['a mode that does not look at the certificate', 'host/d?ssl-mode=REQUIRED'],
    ['an option of another client', 'host/d?multipleStatements=true'],
    ['an authority that cannot be read', 'host/d?ssl-ca=/nowhere/ca.pem'],
    ['an address whose name is to be compared', '192.0.2.1/d?ssl-mode=VERIFY_IDENTITY'],
    ['no database', 'host'],
    ['a % that escapes nothing', 'host/%zz'],
  ]) {
    test(`refused, without a word of the password: ${name}`, () => {
      assert.throws(
        () => readMysqlUrl(`mysql://user:hunter2@${tail}`),
        (error: unknown) => {
          assert.ok(error instanceof StartRefused);
          assert.match(error.message, /^POOL_REDEEM_MYSQL_URL /);
          assert.doesNotMatch(`${error.stack}`, /hunter2/);
          return true;
        },
      );
    });
  }
});

describe('the gateway’s database over TLS', { skip: await mariadbMissing() }, () => {
  let directory: string;
  let mariadb: MariadbServer;
  let gateway: Gateway;
  before(async () => {
    directory = await temporaryDirectory('tls');
    const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', cert, ...subject], {
      stdio: 'ignore',
    });
    // MariaDB runs as another user.
    chmodSync(directory, 0o755);
    chmodSync(key, 0o644);
    mariadb = await startMariadb({ args: [`--ssl-cert=${cert}`, `--ssl-key=${key}`] });
    gateway = await Gateway.make(mariadb);
    await mariadb.sql('ALTER USER blindpost@127.0.0.1 REQUIRE SSL');
  });
  after(async () => {
    await mariadb.stop();
    removeDirectory(directory);
  });

  const outcomeOf = async (options: string, host = 'localhost') => {
    const url = new URL(gateway.url);
    url.hostname = host;
    const sink = new MysqlSink(readMysqlUrl(`${url.href}${options}`));
    const redemption = someRedemption();
    const { outcome } = await sink.deliver(redemption);
    await sink.close();
    assert.equal((await gateway.codes()).includes(rowOf(redemption)), outcome === 'delivered');
    return outcome;
  };

  test('an authority of one’s own is believed, and the name compared', async () => {
    const ca = join(directory, 'cert.pem');
    assert.equal(await outcomeOf(`?ssl-mode=VERIFY_IDENTITY&ssl-ca=${ca}`), 'delivered');
    assert.equal(await outcomeOf(`?ssl-ca=${ca}`, '127.0.0.1'), 'delivered');
  });

  test('a certificate of nobody we know is refused, and so is a connection in clear', async () => {
    assert.equal(await outcomeOf('?ssl-mode=VERIFY_IDENTITY'), 'refused');
    assert.equal(await outcomeOf('?ssl-mode=VERIFY_CA'), 'refused');
    assert.equal(await outcomeOf(''), 'refused');
  });
});
