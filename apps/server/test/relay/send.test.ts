import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MulticastAnswer, Sent } from '@blindpost/protocol/relay';
import { makeIdentity } from '@blindpost/testbed/keys';
import fc from 'fast-check';
import { assertOk, assertRefused } from './answers.js';
import { onEveryStore } from './stage.js';

await onEveryStore('send over HTTP', (stage) => {
  const multicast = async (recipients: string[], body: object) => {
    const headers = await stage.wire.paid(recipients.join(','), { type: 'relay' });
    return stage.wire.post('/relay/multicast', body, headers);
  };

  test('a live recipient gets msg at once, an absent one finds queued_message', async () => {
    const identity = makeIdentity();
    const queued = assertOk(await stage.wire.sendOnce(identity.hash, 'one', 'mine-1'), Sent);
    assert.deepEqual(queued, { status: 'queued', id: 'mine-1' });
    const socket = await stage.wire.login(identity);
    const first = await socket.next('queued_message');
    assert.equal(first.payload, 'one');
    assert.match(String(first.id), /^[0-9a-f]{32}$/);
    const delivered = assertOk(await stage.wire.sendOnce(identity.hash, 'two', 7), Sent);
    assert.deepEqual(delivered, { status: 'delivered', id: 7 });
    assert.equal((await socket.next('msg')).payload, 'two');
  });

  test("the id is the sender's, or made when there is none", async () => {
    const { id } = assertOk(await stage.wire.sendOnce(makeIdentity().hash, 'x'), Sent);
    assert.ok(typeof id === 'string' && id.length > 0);
  });

  test('any JSON but null comes out as it went in', async () => {
    const identity = makeIdentity();
    const socket = await stage.wire.login(identity);
    const plain: unknown[] = [
      0,
      false,
      '',
      [],
      {},
      [null],
      { a: null },
      'ä€😀\u0000\n"\\',
      -1.5e-7,
      ' padded ',
    ];
    for (const body of plain) {
      assert.equal((await stage.wire.sendOnce(identity.hash, body)).status, 200);
      assert.deepEqual((await socket.next('msg')).payload, body);
    }
    const json = fc
      .jsonValue({ depthSize: 'small', noUnicodeString: false })
      .filter((value) => value !== null);
    await fc.assert(
      fc.asyncProperty(json, async (body) => {
        const text = JSON.stringify(body);
        if (text.includes('"__proto__"') || text.includes('"constructor"')) return;
        assert.equal((await stage.wire.sendOnce(identity.hash, body)).status, 200);
        assert.equal(JSON.stringify((await socket.next('msg')).payload), JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 40 },
    );
  });

  test('to and body are required, null is no body, an alias nobody has is not found', async () => {
    const { hash } = makeIdentity();
    const cases: [object, string][] = [
      [{ body: 'x' }, 'to'],
      [{ to: hash }, 'body'],
      [{ to: hash, body: null }, 'body'],
      [{ to: 5, body: 'x' }, 'to'],
      [{ to: '', body: 'x' }, 'to'],
      [{ to: 'a b', body: 'x' }, 'to'],
      [{ to: hash, body: 'x', id: '' }, 'id'],
      [{ to: hash, body: 'x', id: 'i'.repeat(129) }, 'id'],
      [{ to: hash, body: 'x', id: {} }, 'id'],
    ];
    for (const [body, field] of cases) {
      const headers = await stage.wire.paid(hash, { type: 'relay' });
      assertRefused(await stage.wire.post('/relay', body, headers), 400, 'ERR_MALFORMED', field);
    }
    assertRefused(await stage.wire.sendOnce('nobody-has-this-alias', 'x'), 404, 'ERR_NOT_FOUND');
  });

  test('every message costs work', async () => {
    const { hash } = makeIdentity();
    assertRefused(await stage.wire.post('/relay', { to: hash, body: 'x' }), 401, 'ERR_POW_INVALID');
    const targets = { targets: [{ to: hash, body: 'x' }] };
    assertRefused(await stage.wire.post('/relay/multicast', targets), 401, 'ERR_POW_INVALID');
  });

  test('a multicast has one body each or one for all, one result per target, in order', async () => {
    const [live, absent] = [makeIdentity(), makeIdentity()];
    const socket = await stage.wire.login(live);
    const targets = [
      { to: live.hash, body: 'a' },
      { to: absent.hash, body: 'b' },
      { to: 'no-such-alias', body: 'c' },
    ];
    const names = targets.map(({ to }) => to);
    const each = assertOk(await multicast(names, { targets }), MulticastAnswer);
    assert.equal(each.status, 'success');
    assert.deepEqual(
      each.results.map(({ to, status, error }) => [to, status, error]),
      [
        [live.hash, 'delivered', undefined],
        [absent.hash, 'queued', undefined],
        ['no-such-alias', 'refused', 'ERR_NOT_FOUND'],
      ],
    );
    assert.equal((await socket.next(({ payload }) => payload === 'a')).payload, 'a');
    const all = assertOk(await multicast(names, { recipients: names, body: { n: 1 } }), MulticastAnswer);
    assert.deepEqual(
      all.results.map(({ to }) => to),
      names,
    );
    const frame = await socket.next(({ payload }) => typeof payload === 'object');
    assert.deepEqual(frame.payload, { n: 1 });
    const later = await stage.wire.login(absent);
    assert.equal((await later.next('queued_message')).payload, 'b');
    assert.deepEqual((await later.next('queued_message')).payload, { n: 1 });
  });

  test('a multicast has 1 to 100 targets, in one of the two forms', async () => {
    const hashes = Array.from({ length: 101 }, () => makeIdentity().hash);
    const some = hashes.slice(0, 2);
    const hundred = hashes.slice(0, 100);
    const sent = assertOk(await multicast(hundred, { recipients: hundred, body: 'x' }), MulticastAnswer);
    assert.equal(sent.results.length, 100);
    for (const body of [
      { recipients: hashes, body: 'x' },
      { targets: hashes.map((to) => ({ to, body: 'x' })) },
      { recipients: [], body: 'x' },
      { targets: [] },
      { recipients: some },
      { recipients: some, body: null },
      { targets: some.map((to) => ({ to })) },
      { targets: [{ to: some[0], body: 'x' }], recipients: some, body: 'x' },
      {},
    ]) {
      const answer = await multicast(some, body);
      assertRefused(answer, 400, 'ERR_MALFORMED');
    }
  });

  test('the work of a multicast is bound to its recipients in their order', async () => {
    const [a, b] = [makeIdentity().hash, makeIdentity().hash];
    for (const context of [`${b},${a}`, a, b, `${a},${b},`, '']) {
      const work = await stage.wire.work(context, { type: 'relay' }, { notFor: `${a},${b}` });
      const headers = { 'x-pow-seed': work.seed, 'x-pow-nonce': work.nonce };
      const answer = await stage.wire.post('/relay/multicast', { recipients: [a, b], body: 'x' }, headers);
      assertRefused(answer, 401, 'ERR_POW_INVALID');
    }
  });
});
