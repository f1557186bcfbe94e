import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../../../platform/sql/database.js';
import type { Bench } from './bench.js';
import { Desk, hex, newId, newKey } from './desk.js';

/** Accounts of keys. */
export function keyRules(bench: Bench): void {
  let databases: readonly Database[] = [];
  let desk: Desk;
  before(async () => {
    databases = await bench.open();
    const [first] = databases;
    assert.ok(first !== undefined);
    desk = new Desk(first);
  });
  after(() => Promise.all(databases.map((database) => database.close())));

  test('a key gets an account, the same key again the same one', async () => {
    const [key, id] = [newKey(), newId()];
    assert.deepEqual(await desk.register(key, id), { account: id, created: true });
    assert.deepEqual(await desk.register(key), { account: id, created: false });
    assert.deepEqual(await desk.credentials(id), { publicKey: key, generation: 0 });
  });

  test('64 registrations of one key at once give one account and say once that it is new', async () => {
    for (let round = 0; round < 10; round++) {
      const key = newKey();
      const desks = databases.map((database) => new Desk(database));
      const answers = await Promise.all(
        Array.from({ length: 64 }, (_, index) => (desks[index % desks.length] ?? desk).register(key)),
      );
      assert.equal(new Set(answers.map(({ account }) => hex(account))).size, 1);
      assert.equal(answers.filter(({ created }) => created).length, 1);
    }
  });

  test('many keys at once from every server, in any order, get an account each', async () => {
    const keys = Array.from({ length: 200 }, newKey);
    const orders = databases.map((database, index) => ({
      desk: new Desk(database),
      keys: index % 2 === 0 ? keys : keys.toReversed(),
    }));
    const answers = await Promise.all(
      orders.flatMap((order) =>
        order.keys.map(async (key) => ({ key: hex(key), ...(await order.desk.register(key)) })),
      ),
    );
    assert.equal(answers.filter(({ created }) => created).length, keys.length);
    assert.equal(new Set(answers.map(({ account }) => hex(account))).size, keys.length);
    assert.equal(new Set(answers.map(({ key, account }) => key + hex(account))).size, keys.length);
  });

  test('nobody logs in to an account that is not there or has no key', async () => {
    const keyless = newId();
    await desk.admit(keyless);
    assert.equal(await desk.credentials(keyless), null);
    assert.equal(await desk.credentials(newId()), null);
  });

  test('those that no account has are told in the order they were asked for', async () => {
    const [known, strange, other] = [await desk.account(), newId(), newId()];
    assert.deepEqual(await desk.missing([strange, known, other]), [strange, other]);
    assert.deepEqual(await desk.missing([known, known]), []);
    assert.deepEqual(await desk.missing([]), []);
    const many = Array.from({ length: 500 }, newId);
    assert.equal((await desk.missing([...many, known])).length, 500);
  });

  test('a key whose account was deleted gets another account', async () => {
    const key = newKey();
    const { account } = await desk.register(key);
    await desk.delete(account);
    assert.equal(await desk.credentials(account), null);
    const again = await desk.register(key);
    assert.equal(again.created, true);
    assert.notEqual(hex(again.account), hex(account));
  });

  test('registrations that race with deletions always answer an account', async () => {
    const key = newKey();
    const desks = databases.map((database) => new Desk(database));
    await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const mine = desks[index % desks.length] ?? desk;
        const { account } = await mine.register(key);
        if (index % 3 === 0) await mine.delete(account);
      }),
    );
    const { account } = await desk.register(key);
    assert.equal(await desk.exists(account), true);
  });
}
