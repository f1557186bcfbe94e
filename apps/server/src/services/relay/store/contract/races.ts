import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, newName, text } from './bench.js';

export function raceRules(bench: Bench): void {
  test('parallel senders each keep their order and never exceed the quotas', async () => {
    const store = await bench.open({ mailboxMessages: 60, senderShare: 0.1, mailboxBytes: 100_000 });
    const name = newName();
    const senders = Array.from({ length: 20 }, (_, index) => `sender ${index}`);
    const accepted = await Promise.all(
      senders.map((sender) =>
        Promise.all(
          Array.from({ length: 8 }, async (_, index) => {
            const body = JSON.stringify({ sender, index });
            return (await store.append(name, text(body, sender), true)).status === 'ok';
          }),
        ),
      ),
    );
    const messages = await store.read(name, 0, 1_000, 1_000_000);
    assert.equal(messages.length, 60);
    assert.equal(accepted.flat().filter(Boolean).length, 60);
    for (const sender of senders) {
      const own = messages
        .map(({ payload }) => JSON.parse(payload.toString()))
        .filter((message) => message.sender === sender)
        .map((message) => message.index);
      assert.ok(own.length <= 6);
      assert.deepEqual(
        own,
        [...own].sort((left, right) => left - right),
      );
    }
  });

  test('appends and acks in parallel lose nothing and answer every message once', async () => {
    const store = await bench.open({ mailboxMessages: 10_000, senderShare: 1, mailboxBytes: 10_000_000 });
    const name = newName();
    const total = bench.scaled(4_000);
    let after = 0;
    let removed = 0;
    const seen: string[] = [];
    const appends = Array.from({ length: total }, (_, index) => store.append(name, text(`${index}`), true));
    while (removed < total) {
      const messages = await store.read(name, after, 16, 100_000);
      seen.push(...messages.map(({ payload }) => payload.toString()));
      after = messages.at(-1)?.sequence ?? after;
      const ids = messages.map(({ id }) => id);
      const counts = await Promise.all([store.ack(name, ids), store.ack(name, ids)]);
      assert.equal(counts[0] + counts[1], ids.length);
      removed += ids.length;
    }
    await Promise.all(appends);
    assert.deepEqual(
      seen,
      Array.from({ length: total }, (_, index) => `${index}`),
    );
    assert.deepEqual(await store.read(name, 0, 1, 1), []);
  });

  test('of parallel first claims of a name exactly one is told that it claimed', async () => {
    const store = await bench.open();
    for (let round = 0; round < bench.scaled(200); round++) {
      const name = newName();
      const claims = await Promise.all(Array.from({ length: 8 }, () => store.own(name)));
      assert.equal(claims.filter(({ claimed }) => claimed).length, 1);
    }
  });

  test('logins in parallel get distinct numbers', async () => {
    const store = await bench.open();
    const name = newName();
    const session = { by: 'key', tokenHash: newName(), expiresAt: bench.now() + 60_000 } as const;
    await store.admit(name, session);
    const logins = await Promise.all(Array.from({ length: 50 }, () => store.resume(name, session.tokenHash)));
    assert.equal(new Set(logins.map((login) => login?.login)).size, 50);
  });
}
