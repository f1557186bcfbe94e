import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type MariadbServer, mariadbMissing, startMariadb } from '@blindpost/testbed/mariadb';
import { Gateway, someRedemption } from './gateway.fixture.js';
import { openSink } from './open.js';
import type { RedemptionSink } from './sink.js';

const missing = await mariadbMissing();
let mariadb: MariadbServer;
before(async () => {
  if (!missing) mariadb = await startMariadb();
});
after(async () => {
  if (!missing) await mariadb.stop();
});

const adapters = [
  { name: 'local', skip: false, open: async () => openSink({ POOL_REDEEM_MYSQL_URL: undefined }) },
  {
    name: 'mysql',
    skip: missing,
    open: async () => openSink({ POOL_REDEEM_MYSQL_URL: (await Gateway.make(mariadb)).url }),
  },
];

for (const { name, skip, open } of adapters) {
  describe(`redemption sink: ${name}`, { skip }, () => {
    let sink: RedemptionSink;
    before(async () => {
      sink = await open();
    });
    after(() => sink.close());

    test('it is healthy before the first code', () => {
      assert.equal(sink.healthy(), true);
    });

    test('a code is delivered, and delivered again', async () => {
      const redemption = someRedemption();
      for (let i = 0; i < 3; i++) {
        assert.deepEqual(await sink.deliver(redemption), { outcome: 'delivered' });
      }
      assert.equal(sink.healthy(), true);
    });

    test('many codes at once are all delivered', async () => {
      const many = Array.from({ length: 40 }, (_, index) => someRedemption(index + 1));
      const deliveries = await Promise.all(many.map((redemption) => sink.deliver(redemption)));
      for (const delivery of deliveries) assert.deepEqual(delivery, { outcome: 'delivered' });
    });

    test('closing lets the delivery under way finish', async () => {
      const closing = await open();
      const delivery = closing.deliver(someRedemption());
      await closing.close();
      assert.deepEqual(await delivery, { outcome: 'delivered' });
    });
  });
}
