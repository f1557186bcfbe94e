import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { auditText } from '@blindpost/protocol/identity';
import type { Database } from '../../../../platform/sql/database.js';
import type { Bench } from './bench.js';
import { Desk, newBytes, newId, newPublicKey, WINDOW_MS } from './desk.js';

/** Tree, rows, root and audit trail of this database tell the same story. */
async function assertSound(desk: Desk): Promise<void> {
  const { root, leaves, expected } = await desk.rebuilt();
  assert.deepEqual(leaves, expected, 'the leaves are those of the attesters');
  assert.equal(await desk.root(), root, 'the root is that of the leaves');
  const trail = await desk.audit();
  let previousHash = '0'.repeat(64);
  for (const [at, entry] of trail.entries()) {
    assert.equal(entry.sequence, at + 1);
    assert.equal(entry.previousHash, previousHash);
    assert.equal(entry.hash, createHash('sha256').update(auditText(entry)).digest('hex'));
    previousHash = entry.hash;
  }
  const lastChange = trail.findLast(({ details }) => 'root' in details);
  assert.equal(lastChange?.details.root, root, 'the trail ends at the root');
  const approved = new Set<string>();
  for (const { event, subject } of trail) {
    if (event === 'attester_added') approved.add(subject);
    if (event === 'attester_revoked') approved.delete(subject);
  }
  const rows = await desk.list(-1, 1_000_000);
  assert.deepEqual(rows.map(({ id }) => id).sort(), [...approved].sort());
}

export function registryRules(bench: Bench): void {
  let databases: readonly Database[] = [];
  let desk: Desk;
  before(async () => {
    databases = await bench.open();
    const [first] = databases;
    assert.ok(first !== undefined);
    desk = new Desk(first);
    // However many servers begin at once, there is one registry.
    await Promise.all(databases.flatMap((db) => [new Desk(db).open(), new Desk(db).open()]));
  });
  after(() => Promise.all(databases.map((db) => db.close())));

  test('an empty registry has the root of the empty tree, and its creation is told once', async () => {
    assert.deepEqual(await desk.leaves(), { leaves: [], size: 0, root: await desk.root() });
    assert.deepEqual(
      (await desk.audit()).map(({ event }) => event),
      ['registry_created'],
    );
    await assertSound(desk);
  });

  test('each attester gets the next index, and every path leads to the root', async () => {
    const rows = [await desk.attester(), await desk.attester(), await desk.attester()];
    const [first = 0] = rows.map(({ place }) => place);
    assert.deepEqual(
      rows.map(({ place }) => place),
      [first, first + 1, first + 2],
    );
    for (const { id } of rows) assert.equal(await desk.pathRoot(id), await desk.root());
    await assertSound(desk);
  });

  test('an id or key of another is refused and changes nothing', async () => {
    const known = await desk.attester();
    const [root, entries] = [await desk.root(), (await desk.audit()).length];
    assert.deepEqual(await desk.register({ id: known.id }), { status: 'taken', field: 'id' });
    assert.deepEqual(await desk.register({ publicKey: known.public_key }), {
      status: 'taken',
      field: 'publicKeyX',
    });
    assert.deepEqual(await desk.register({ limit: (await desk.list()).length }), { status: 'full' });
    assert.equal(await desk.root(), root);
    assert.equal((await desk.audit()).length, entries);
  });

  test('what is registered at the same time gets indices without a gap, and the tree of all of them', async () => {
    const { size } = await desk.leaves();
    const desks = databases.map((db) => new Desk(db));
    const keys = Array.from({ length: 12 }, newPublicKey);
    const made = await Promise.all(
      keys.map((publicKey, n) => (desks[n % desks.length] ?? desk).register({ publicKey })),
    );
    const places = made.map((one) => (one.status === 'ok' ? one.place : -1)).sort((a, b) => a - b);
    assert.deepEqual(
      places,
      keys.map((_, n) => size + n),
    );
    await assertSound(desk);
  });

  test('a bad input in a batch fails alone, and leaves no trace', async () => {
    const apiKeyHash = newBytes();
    await desk.attester({ apiKeyHash });
    const made = await Promise.allSettled([desk.register(), desk.register({ apiKeyHash }), desk.register()]);
    assert.deepEqual(
      made.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    await assertSound(desk);
  });

  test('the same id at the same time is given once', async () => {
    const id = `wanted-${Buffer.from(newId()).toString('hex')}`;
    const made = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        new Desk(databases[n % databases.length] ?? desk.db).register({ id }),
      ),
    );
    assert.equal(made.filter(({ status }) => status === 'ok').length, 1);
    await assertSound(desk);
  });

  test('a revoked attester is gone, its index stays empty, its id may be given anew, its key never', async () => {
    const gone = await desk.attester({ apiKeyHash: newBytes() });
    const other = await desk.attester();
    assert.equal((await desk.revoke(gone.id)).status, 'ok');
    assert.equal((await desk.revoke(gone.id)).status, 'unknown');
    assert.equal(await desk.byId(gone.id), null);
    assert.equal(await desk.byKey(gone.api_key_hash), null);
    assert.equal((await desk.leaves(gone.place - 1, 1)).leaves[0]?.leaf, '0');
    assert.equal(await desk.pathRoot(other.id), await desk.root());
    assert.deepEqual(await desk.register({ publicKey: gone.public_key }), {
      status: 'taken',
      field: 'publicKeyX',
    });
    const again = await desk.attester({ id: gone.id });
    assert.ok(again.place > gone.place);
    await assertSound(desk);
  });

  test('a root outlives an addition by the window, and not by a moment more', async () => {
    await desk.attester();
    const old = await desk.root();
    const { id } = await desk.attester();
    assert.equal(await desk.pathRoot(id), await desk.root());
    desk.now += WINDOW_MS - 1;
    assert.equal(await desk.stands(old), true);
    assert.ok((await desk.roots()).includes(old));
    desk.now += 1;
    assert.equal(await desk.stands(old), false);
    assert.ok(!(await desk.roots()).includes(old));
    assert.deepEqual((await desk.roots())[0], await desk.root());
    assert.equal(await desk.stands(await desk.root()), true);
  });

  test('a revocation ends at once every root that held the leaf, and no older one', async () => {
    await desk.attester();
    const before = await desk.root();
    const { id } = await desk.attester();
    const held = [await desk.root()];
    await desk.attester();
    held.push(await desk.root());
    await desk.revoke(id);
    for (const root of held) assert.equal(await desk.stands(root), false);
    assert.equal(await desk.stands(before), true);
    assert.equal(await desk.stands(await desk.root()), true);
  });

  test('when the last addition is revoked the root before it is current again', async () => {
    const before = await desk.root();
    const { id } = await desk.attester();
    await desk.revoke(id);
    assert.equal(await desk.root(), before);
    desk.now += 2 * WINDOW_MS;
    assert.equal(await desk.stands(before), true);
  });

  test('additions and revocations in any order at the same time leave a sound registry', async () => {
    const desks = databases.map((db) => new Desk(db));
    const ids = Array.from({ length: 12 }, () => `busy-${Buffer.from(newId()).toString('hex')}`);
    await Promise.all(
      ids.map(async (id, n) => {
        const mine = desks[n % desks.length] ?? desk;
        await mine.register({ id });
        if (n % 2 === 0) await (desks[(n + 1) % desks.length] ?? desk).revoke(id);
      }),
    );
    for (const row of await desk.list(-1, 1_000)) {
      assert.equal(await desk.pathRoot(row.id), await desk.root());
    }
    await assertSound(desk);
  });

  test('lists go on behind the last one seen', async () => {
    const all = await desk.list();
    const [first] = all;
    assert.deepEqual(await desk.list(first?.place, 2), all.slice(1, 3));
    const { leaves } = await desk.leaves();
    assert.deepEqual((await desk.leaves(0, 2)).leaves, leaves.slice(1, 3));
  });

  test('a root that comes again, when all that came after it was revoked, is told once', async () => {
    const before = await desk.root();
    const { id } = await desk.attester();
    await desk.revoke(id);
    const roots = await desk.roots();
    assert.equal(roots[0], before);
    assert.deepEqual(roots, [...new Set(roots)]);
    assert.equal(await desk.stands(before), true);
  });

  test('roots that are long over are forgotten, the current one and the trail never', async () => {
    const [root, entries] = [await desk.root(), await desk.audit()];
    desk.now += 10 * 86_400_000;
    while (await desk.sweep(3));
    assert.deepEqual(await desk.roots(), [root]);
    assert.deepEqual(await desk.audit(), entries);
  });
}
