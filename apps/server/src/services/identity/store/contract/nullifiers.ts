import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Database } from '../../../../platform/sql/database.js';
import { fieldBytes } from '../../rules/field-bytes.js';
import { claimKey, nullifierKey } from '../../rules/keys.js';
import { Room } from '../../upkeep/room.js';
import type { Bench } from './bench.js';
import { Desk, fresh, newBytes, newId } from './desk.js';

export function nullifierRules(bench: Bench): void {
  let databases: readonly Database[] = [];
  let desk: Desk;
  before(async () => {
    databases = await bench.open();
    const [first] = databases;
    assert.ok(first !== undefined);
    desk = new Desk(first);
    await desk.open();
  });
  after(() => Promise.all(databases.map((db) => db.close())));

  const MINUTE = 60_000;
  const used = async (nullifier: Uint8Array) => {
    const concluded = await desk.conclude(await desk.proof({ nullifier }));
    return concluded.status === 'ok' && concluded.used;
  };

  test('a nullifier is new until it is consumed, and used from then on', async () => {
    const proof = await desk.proof();
    assert.deepEqual(await desk.conclude(proof), { status: 'ok', used: false, recorded: false });
    assert.deepEqual(await desk.conclude({ ...proof, consume: true }), {
      status: 'ok',
      used: false,
      recorded: true,
    });
    for (const consume of [true, false]) {
      assert.deepEqual(await desk.conclude({ ...proof, consume }), {
        status: 'ok',
        used: true,
        recorded: false,
      });
    }
  });

  test('it is used in its own domain and context only', async () => {
    const nullifier = fresh();
    await desk.conclude(await desk.proof({ nullifier: nullifierKey('a', 1n, nullifier), consume: true }));
    assert.equal(await used(nullifierKey('a', 1n, nullifier)), true);
    assert.equal(await used(nullifierKey('b', 1n, nullifier)), false);
    assert.equal(await used(nullifierKey('a', 2n, nullifier)), false);
    assert.equal(await used(nullifierKey('', 1n, nullifier)), false);
  });

  test('of many who consume one at the same time, at whatever server, one does', async () => {
    const proof = await desk.proof({ consume: true });
    const all = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        new Desk(databases[n % databases.length] ?? desk.db).conclude(proof),
      ),
    );
    assert.equal(all.filter((one) => one.status === 'ok' && one.recorded).length, 1);
    assert.equal(all.filter((one) => one.status === 'ok' && one.used).length, 99);
  });

  test('many in a batch, some of them twice, are each consumed once', async () => {
    const proofs = await Promise.all(Array.from({ length: 10 }, () => desk.proof({ consume: true })));
    const all = await Promise.all([...proofs, ...proofs].map((proof) => desk.conclude(proof)));
    const recorded = all.map((one) => one.status === 'ok' && one.recorded);
    for (let n = 0; n < 10; n += 1) assert.equal(Number(recorded[n]) + Number(recorded[n + 10]), 1);
  });

  test('a root that does not stand consumes nothing', async () => {
    const proof = await desk.proof({ consume: true, root: fieldBytes(fresh()) });
    assert.deepEqual(await desk.conclude(proof), { status: 'root_mismatch' });
    assert.equal(await used(proof.nullifier), false);
  });

  test('a claim whose attestations have all lapsed is refused, and one attested elsewhere is not', async () => {
    const { place } = await desk.attester();
    const claim = claimKey(fresh(), 257);
    const judged = async () => (await desk.conclude(await desk.proof({ claim }))).status;
    assert.equal(await judged(), 'ok');

    const id = newId();
    await desk.attest(place, { claim, id });
    assert.equal(await judged(), 'ok');
    assert.equal(await desk.revokeAttestation(id), true);
    assert.equal(await desk.revokeAttestation(id), false);
    assert.equal(await judged(), 'attestation_revoked');

    await desk.attest(place, { claim, expiresAt: desk.now + MINUTE });
    assert.equal(await judged(), 'ok');
    desk.now += MINUTE;
    assert.equal(await judged(), 'attestation_revoked');
    await desk.attest(place, { claim });
    assert.equal(await judged(), 'ok');
    const consumed = await desk.proof({ claim: claimKey(fresh(), 258), consume: true });
    assert.equal((await desk.conclude(consumed)).status, 'ok');
  });

  test('what a revoked attester attested keeps no claim alive, and lapses none', async () => {
    const [gone, here] = [await desk.attester(), await desk.attester()];
    const [claim, id] = [claimKey(fresh(), 257), newId()];
    const judged = async () => (await desk.conclude(await desk.proof({ claim }))).status;
    await desk.attest(gone.place, { claim });
    await desk.attest(here.place, { claim, id });
    await desk.revoke(gone.id);
    assert.equal(await judged(), 'ok');
    await desk.revokeAttestation(id);
    assert.equal(await judged(), 'attestation_revoked');

    const elsewhere = claimKey(fresh(), 257);
    const last = await desk.attester();
    await desk.attest(last.place, { claim: elsewhere });
    await desk.revoke(last.id);
    assert.equal((await desk.conclude(await desk.proof({ claim: elsewhere }))).status, 'ok');
  });

  test('an attester that vouches for a short time lapses nothing that another one vouched for', async () => {
    const [mine, theirs] = [await desk.attester(), await desk.attester()];
    for (const [longer, order] of [
      [null, 'before'],
      [desk.now + 10 * MINUTE, 'after'],
    ] as const) {
      const claim = claimKey(fresh(), 257);
      const vouch = [
        () => desk.attest(mine.place, { claim, expiresAt: longer }),
        () => desk.attest(theirs.place, { claim, expiresAt: desk.now + 1 }),
      ];
      for (const attest of order === 'before' ? vouch : vouch.reverse()) await attest();
      desk.now += MINUTE;
      assert.equal((await desk.conclude(await desk.proof({ claim }))).status, 'ok', order);
    }
  });

  test('a refused claim consumes nothing', async () => {
    const { place } = await desk.attester();
    const [claim, id] = [claimKey(fresh(), 257), newId()];
    await desk.attest(place, { claim, id });
    await desk.revokeAttestation(id);
    const proof = await desk.proof({ claim, consume: true });
    assert.deepEqual(await desk.conclude(proof), { status: 'attestation_revoked' });
    assert.equal(await used(proof.nullifier), false);
  });

  test('an attester that was revoked attests no more', async () => {
    const { place, id } = await desk.attester();
    const attested = await desk.attest(place);
    assert.equal(attested.status === 'ok' && attested.root, await desk.root());
    await desk.revoke(id);
    assert.deepEqual(await desk.attest(place), { status: 'revoked' });
  });

  test('who had a proof verified may record its nullifier for ten minutes, and nobody else', async () => {
    const [mine, theirs, nullifier] = [newBytes(), newBytes(), nullifierKey('', 1n, fresh())];
    const permit = { key: mine, expiresAt: desk.now + 10 * MINUTE };
    await desk.conclude(await desk.proof({ nullifier, permit }));
    assert.equal(await desk.record(nullifier, theirs), 'unproven');
    desk.now += 10 * MINUTE;
    assert.equal(await desk.record(nullifier, mine), 'unproven');
    desk.now -= 1;
    assert.equal(await desk.record(nullifier, mine), 'recorded');
    assert.equal(await desk.record(nullifier, mine), 'used');
    assert.equal(await desk.record(nullifier, theirs), 'used');
  });

  test('a proof that is refused permits nothing', async () => {
    const [key, nullifier] = [newBytes(), nullifierKey('', 1n, fresh())];
    const permit = { key, expiresAt: desk.now + MINUTE };
    await desk.conclude(await desk.proof({ nullifier, permit, root: fieldBytes(fresh()) }));
    assert.equal(await desk.record(nullifier, key), 'unproven');
  });

  test('of many who record one at the same time one does, and the others are told that it is used', async () => {
    const [key, nullifier] = [newBytes(), nullifierKey('', 1n, fresh())];
    const permit = { key, expiresAt: desk.now + MINUTE };
    await desk.conclude(await desk.proof({ nullifier, permit }));
    const all = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        new Desk(databases[n % databases.length] ?? desk.db).record(nullifier, key),
      ),
    );
    assert.equal(all.filter((one) => one === 'recorded').length, 1);
    assert.equal(all.filter((one) => one === 'used').length, 39);
  });

  test('there is room below the bound, none at it, and always where there is no bound', async () => {
    const { place } = await desk.attester();
    await desk.attest(place);
    const held = await desk.census();
    for (const [bound, full] of [
      [1, false],
      [0, true],
    ] as const) {
      const bounds = { attestations: held.attestations + bound, nullifiers: held.nullifiers + bound };
      const room = new Room(desk.db, bounds);
      await room.count();
      assert.deepEqual([room.isFull('attestations'), room.isFull('nullifiers')], [full, full]);
    }
    const open = new Room(desk.db, { attestations: 0, nullifiers: 0 });
    await open.count();
    assert.deepEqual([open.isFull('attestations'), open.isFull('nullifiers')], [false, false]);
  });

  test('permits that have run out are swept away, nullifiers never', async () => {
    const { nullifiers } = await desk.census();
    assert.ok(nullifiers > 0);
    desk.now += 60 * MINUTE;
    while (await desk.sweep(2));
    assert.equal((await desk.census()).nullifiers, nullifiers);
  });
}
