import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from './bench.js';
import { DAY_MS, kinds, range, sequences } from './desk.js';
import { Stage } from './stage.js';

/** What an idempotency key promises. */
export function replayRules(bench: Bench): void {
  const stage = Stage.of(bench);
  const two = async (): Promise<[Uint8Array, Uint8Array]> => [
    await stage.desk.account(),
    await stage.desk.account(),
  ];

  test('32 parallel sends of one key by several servers store one envelope and tell the same', async () => {
    for (let round = 0; round < bench.scaled(100); round++) {
      const [recipient, sender] = await two();
      const sent = await stage.everywhere(32, (desk) => desk.send(recipient, sender, { key: 'k' }));
      assert.equal(sent.flatMap(kinds).filter((kind) => kind === 'stored').length, 1);
      assert.ok(sent.flatMap(sequences).every((sequence) => sequence === 1));
      assert.deepEqual(await stage.desk.waiting(recipient), [1]);
    }
  });

  test('a repeated key answers the envelope there is, as it stands now', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const first = desk.draft(recipient, sender, { key: 'k', text: 'one' });
    await desk.deliver([first]);
    await desk.ackUpTo(recipient, 1);
    const again = await desk.send(recipient, sender, { key: 'k', text: 'one' });
    assert.ok(again.status === 'ok');
    const [stored] = again.stored;
    assert.ok(stored?.kind === 'replay');
    assert.deepEqual(stored.row.id, first.id);
    assert.equal(stored.row.status, 2);
    assert.deepEqual(stored.row.ciphertext, first.ciphertext);
  });

  test('a key with other content is refused, and all that stood beside it', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    await desk.send(recipient, sender, { key: 'k', text: 'one' });
    assert.deepEqual(await desk.send(recipient, sender, { key: 'k', text: 'two' }), {
      status: 'mismatch',
      item: 0,
    });
    const drafts = [desk.draft(recipient, sender), desk.draft(recipient, sender, { key: 'k', text: 'two' })];
    assert.deepEqual(await desk.deliver(drafts), { status: 'mismatch', item: 1 });
    assert.deepEqual(await desk.waiting(recipient), [1]);
  });

  test('a key is known within one delivery, and within one batch', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const wish = (text: string) => desk.draft(recipient, sender, { key: 'k', text });
    assert.deepEqual(await desk.deliver([wish('one'), wish('two')]), { status: 'mismatch', item: 1 });
    const same = await desk.deliver([wish('one'), wish('one')]);
    assert.deepEqual(
      [kinds(same), sequences(same)],
      [
        ['stored', 'replay'],
        [1, 1],
      ],
    );
    const [other] = await two();
    const batch = await Promise.all(
      ['one', 'two', 'one'].map((text) => desk.send(other, sender, { key: 'k', text })),
    );
    assert.deepEqual(
      batch.map(({ status }) => status),
      ['ok', 'mismatch', 'ok'],
    );
  });

  test('the first of a key that failed in a batch leaves the key to the next', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const stranger = sender.map((byte) => byte ^ 1);
    const [failed, taken] = await Promise.all([
      desk.deliver([desk.draft(recipient, sender, { key: 'k', text: 'one' }), desk.draft(stranger, sender)]),
      desk.send(recipient, sender, { key: 'k', text: 'two' }),
    ]);
    assert.equal(failed.status, 'unknown');
    assert.deepEqual([kinds(taken), sequences(taken)], [['stored'], [1]]);
  });

  test('the same id from another sender, or to another recipient, is another key', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const [other, third] = await two();
    const key = 'k';
    for (const [to, from] of [
      [recipient, sender],
      [recipient, third],
      [other, sender],
      [sender, recipient],
    ] as const) {
      assert.deepEqual(kinds(await desk.send(to, from, { key })), ['stored']);
    }
  });

  for (const [what, end] of [
    ['expires', (expiresAt: number) => ({ expiresAt })],
    ['was acknowledged', () => ({})],
  ] as const) {
    test(`a key outlives an envelope that ${what} by 24 h, and by no more`, async () => {
      const { desk } = stage;
      const [recipient, sender] = await two();
      const wish = { key: 'k', text: 'one', ...end(desk.now + 1_000) };
      const first = desk.draft(recipient, sender, wish);
      await desk.deliver([first]);
      if (what === 'was acknowledged') await desk.ackUpTo(recipient, 1);
      desk.now += what === 'expires' ? 1_000 : DAY_MS;
      await desk.sweep();
      assert.equal(await desk.find(recipient, first.id), null);

      desk.now += DAY_MS - 1;
      await desk.sweep();
      const again = await desk.send(recipient, sender, wish);
      assert.ok(again.status === 'ok' && again.stored[0]?.kind === 'spent');
      const { id, sequence, created_at } = again.stored[0].spent;
      assert.deepEqual(
        { id, sequence, created_at },
        { id: first.id, sequence: 1, created_at: first.created_at },
      );
      assert.equal((await desk.send(recipient, sender, { ...wish, text: 'two' })).status, 'mismatch');

      desk.now += 1;
      await desk.sweep();
      assert.deepEqual(sequences(await desk.send(recipient, sender, { key: 'k', text: 'two' })), [2]);
    });
  }

  test('many keys of one delivery are told apart: new, known, spent', async () => {
    const { desk } = stage;
    const [recipient, sender] = await two();
    const draft = (index: number) => desk.draft(recipient, sender, { key: `${index}` });
    await desk.deliver(range(100).map(draft));
    await desk.ackUpTo(recipient, 100);
    desk.now += DAY_MS;
    await desk.sweep();
    await desk.deliver(range(200).slice(100).map(draft));
    const all = await desk.deliver(range(300).map(draft));
    assert.deepEqual(sequences(all), range(300));
    assert.deepEqual(
      kinds(all),
      range(300).map((index) => (index <= 100 ? 'spent' : index <= 200 ? 'replay' : 'stored')),
    );
  });
}
