import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { PublicBundle } from '@blindpost/protocol/e2ee';
import { makeE2eeUpload } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { UpgradeRefused, type WireFrame, type WireSocket } from '@blindpost/testbed/wire-socket';
import { assertOk, assertRefused, member } from '../relay/answers.js';
import { assertErrorFrame, assertPage, stock, waiting } from './answers.js';
import { bytes, items, message } from './messages.js';
import { given, tokenOf } from './people.js';
import { eventually, onEveryStage, type Stage } from './stage.js';

/** 429 with when to come back, in the header as in the details, and the limit's headers. */
function assertLimited(answer: WireAnswer): void {
  assertRefused(answer, 429, 'rate_limit_exceeded');
  const seconds = Number(answer.headers['retry-after']);
  assert.ok(Number.isInteger(seconds) && seconds >= 1, `Retry-After: ${answer.headers['retry-after']}`);
  assert.equal(member(answer.json.details, 'retryAfter'), seconds);
  for (const name of ['limit', 'remaining', 'reset']) {
    assert.match(String(answer.headers[`x-ratelimit-${name}`]), /^\d+$/, name);
  }
}

/** An owner of so many prekeys, with a last-resort key or without. */
async function owner(stage: Stage, count: number, lastResort = true): Promise<E2eeWire> {
  const person = await stage.account();
  const lastResortPreKey = lastResort ? { keyId: 9_000, publicKey: bytes(32) } : null;
  assert.equal((await person.upload(makeE2eeUpload(count, { lastResortPreKey }))).status, 200);
  return person;
}

const claim = async (person: E2eeWire, of: E2eeWire) => assertOk(await person.claim(of.id), PublicBundle);

await onEveryStage(
  'limit of claims',
  (stage) => {
    test('past two for one requester and five for all, the bundle comes without a key and burns none', async () => {
      for (const lastResort of [true, false]) {
        const bob = await owner(stage, 20, lastResort);
        const requesters = await stage.accounts(4);
        const keys = new Set<number>();
        for (const [n, requester] of requesters.entries()) {
          for (let time = 0; time < 4; time += 1) {
            const bundle = await claim(requester, bob);
            const due = time < 2 && n * 2 + time < 5;
            assert.equal(bundle.oneTimePreKey !== null, due, `requester ${n}, time ${time}`);
            if (bundle.oneTimePreKey !== null) keys.add(bundle.oneTimePreKey.keyId);
            assert.equal(bundle.lastResortPreKey?.keyId, lastResort ? 9_000 : undefined);
          }
        }
        assert.equal(keys.size, 5);
        assert.equal(await stock(bob), 15);
      }
    });

    test('in parallel neither cap is passed', async () => {
      const bob = await owner(stage, 20);
      const [one] = await stage.accounts(1);
      const alone = await Promise.all(Array.from({ length: 16 }, () => claim(given(one), bob)));
      assert.equal(alone.filter(({ oneTimePreKey }) => oneTimePreKey !== null).length, 2);
      const crowd = await stage.accounts(8);
      const together = await Promise.all(crowd.flatMap((each) => [claim(each, bob), claim(each, bob)]));
      assert.equal(together.filter(({ oneTimePreKey }) => oneTimePreKey !== null).length, 3);
      assert.equal(await stock(bob), 15);
    });

    test('fetching a bundle counts as a claim, looking at it does not, and other owners are unharmed', async () => {
      const [bob, carol] = [await owner(stage, 20), await owner(stage, 20)];
      const reader = await stage.account();
      const fetch = async (of: E2eeWire, query = '') =>
        assertOk(await reader.get(`/keys/${of.id}/bundle${query}`), PublicBundle).oneTimePreKey;
      for (let n = 0; n < 10; n += 1) {
        assert.equal(await fetch(bob, '?consumeOneTimePreKey=false'), null);
      }
      assert.equal(await stock(bob), 20);
      const first = await fetch(bob);
      assert.ok(first !== null);
      // A retry is the same key, as often as it comes.
      for (let n = 0; n < 5; n += 1) assert.deepEqual(await fetch(bob), first);
      assert.ok((await claim(reader, bob)).oneTimePreKey !== null, 'the second of two');
      assert.equal((await claim(reader, bob)).oneTimePreKey, null);
      assert.equal(await stock(bob), 18);
      assert.ok((await fetch(carol)) !== null);
    });

    test('a restart does not give the caps back', async () => {
      const bob = await owner(stage, 20);
      const greedy = await stage.account();
      for (let n = 0; n < 2; n += 1) assert.ok((await claim(greedy, bob)).oneTimePreKey !== null);
      await stage.restart('kill');
      const [owner2, greedy2] = [stage.again(bob), stage.again(greedy)];
      assert.equal((await claim(greedy2, owner2)).oneTimePreKey, null);
      assert.equal(await stock(owner2), 18);
    });
  },
  { env: { E2EE_LIMIT_CLAIMS: '5', E2EE_LIMIT_CLAIMS_PER_PEER: '2' } },
);

await onEveryStage(
  'limit of requests',
  (stage) => {
    test('a flood of one account is refused from every address, with when to come back', async () => {
      const alice = await stage.account({ from: '127.0.40.1' });
      const answers = await Promise.all(Array.from({ length: 60 }, () => alice.get('/keys/status')));
      const refused = answers.filter(({ status }) => status !== 200);
      assert.ok(refused.length > 0 && refused.length <= 40, `${refused.length} of 60 refused`);
      for (const answer of refused) assertLimited(answer);
      const moved = stage.client(alice.who, { from: '127.0.40.2' });
      const there = await Promise.all(Array.from({ length: 15 }, () => moved.get('/keys/status')));
      assert.ok(
        there.some(({ status }) => status === 429),
        'the new address for itself would have taken all 15',
      );
      const other = await stage.account({ from: '127.0.40.3' });
      assert.equal((await other.get('/keys/status')).status, 200);
      await eventually('refilled', async () => (await alice.get('/keys/status')).status === 200);
    });

    test('and of one address, whichever accounts it shows', async () => {
      const from = '127.0.40.4';
      const crowd: E2eeWire[] = [];
      for (let n = 0; n < 6; n += 1) crowd.push(stage.client((await stage.account()).who, { from }));
      const answers = await Promise.all(
        crowd.flatMap((person) => Array.from({ length: 10 }, () => person.get('/keys/status'))),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      assert.ok(refused.length > 0, 'each account for itself asked less than it may');
      for (const answer of refused) assertLimited(answer);
    });

    test('requests that are refused without a token cost their address as well', async () => {
      const stranger = stage.client(stage.stranger().who, { from: '127.0.40.5' });
      const answers = await Promise.all(Array.from({ length: 60 }, () => stranger.get('/keys/status')));
      const limited = answers.filter(({ status }) => status === 429);
      assert.ok(limited.length > 0, `${answers.map(({ status }) => status)}`);
      for (const answer of limited) assertLimited(answer);
    });

    test('frames count as requests do, are refused one by one, and the socket stays', async () => {
      const alice = await stage.account({ from: '127.0.40.6' });
      const socket = await alice.listen();
      for (let ref = 1; ref <= 60; ref += 1) socket.send({ type: 'e2ee.ack', ref, data: { upTo: 0 } });
      let refused = 0;
      for (let ref = 1; ref <= 60; ref += 1) {
        const frame = await socket.next((each) => each.ref === ref);
        if (frame.type !== 'error') continue;
        assertErrorFrame(frame, 'rate_limit_exceeded', ref);
        assert.ok(Number(member(member(frame.data, 'details'), 'retryAfter')) >= 1);
        refused += 1;
      }
      assert.ok(refused > 0 && refused <= 40, `${refused} of 60 refused`);
      assert.equal(socket.open, true);
    });
  },
  { env: { E2EE_LIMIT_REQUESTS: '20' }, stages: ['sqlite'] },
);

await onEveryStage(
  'limit of requests at two servers',
  (stage) => {
    const FLOOD = 40;
    let last = 0;
    /** An address that nobody has used up. */
    const fresh = () => ({ from: `127.0.45.${++last}` });
    /** So many at once at each server; what each was answered. */
    const flood = async (wire: E2eeWire, ask: (wire: E2eeWire, n: number) => Promise<WireAnswer>) =>
      Promise.all(
        stage.everywhere(wire).map(async (there, server) => {
          const answers = await Promise.all(
            Array.from({ length: FLOOD }, (_, n) => ask(there, server * FLOOD + n)),
          );
          const refused = answers.filter(({ status }) => status !== 200);
          assert.ok(refused.length > 0 && refused.length < FLOOD, `${refused.length} of ${FLOOD} refused`);
          for (const answer of refused) assertLimited(answer);
          return answers.filter(({ status }) => status === 200);
        }),
      ).then((taken) => taken.flat());

    test('a send that is refused is not stored, takes no number and costs its id nothing', async () => {
      const [alice, bob] = [await stage.account(fresh()), await stage.account(fresh())];
      const sends = Array.from({ length: 2 * FLOOD }, (_, n) =>
        message(bob.id, { clientMessageId: `send ${n}` }),
      );
      const taken = await flood(alice, (wire, n) => wire.send(given(sends[n])));
      const queue = await waiting(bob);
      assert.deepEqual(
        queue.map(({ sequence }) => sequence),
        taken.map((_, n) => n + 1),
      );
      const ids = (envelopes: readonly Record<string, unknown>[]) => envelopes.map(({ id }) => id).sort();
      assert.deepEqual(ids(queue), ids(taken.map(({ json }) => json)));
      const refused = given(sends.find((send) => queue.every((each) => each.ciphertext !== send.ciphertext)));
      await eventually('sent later', async () => (await alice.send(refused)).status === 200);
      assert.equal((await waiting(bob)).at(-1)?.ciphertext, refused.ciphertext);
    });

    test('a claim that is refused burns no prekey', async () => {
      const [requester, bob] = [await stage.account(fresh()), await stage.account(fresh())];
      assert.equal((await bob.upload(makeE2eeUpload(100))).status, 200);
      const taken = await flood(requester, (wire) => wire.claim(bob.id));
      assert.equal(await stock(bob), 100 - taken.length);
    });

    test('an ack that is refused acknowledges nothing', async () => {
      const [alice, bob] = [await stage.account(fresh()), await stage.account(fresh())];
      const sent = await alice.distribute('room', items(bob.id, 2 * FLOOD));
      assert.equal(sent.status, 200, String(sent));
      const queue = await waiting(bob);
      const acked = await flood(bob, (wire, n) => wire.ack(given(queue[n]).id));
      let left = await bob.pending({ take: 500 });
      await eventually('read again', async () => {
        if (left.status === 429) left = await bob.pending({ take: 500 });
        return left.status === 200;
      });
      assert.equal(assertPage(left).envelopes.length, 2 * FLOOD - acked.length);
    });

    test('a frame that is refused stores nothing either', async () => {
      const [alice, bob] = [await stage.account(fresh()), await stage.account(fresh())];
      let taken = 0;
      for (const wire of stage.everywhere(alice)) {
        const socket = await wire.listen();
        for (let ref = 1; ref <= FLOOD; ref += 1) {
          socket.send({ type: 'e2ee.send', ref, data: message(bob.id) });
        }
        let refused = 0;
        for (let ref = 1; ref <= FLOOD; ref += 1) {
          const frame = await socket.next((each) => each.ref === ref);
          if (frame.type === 'e2ee.sent') taken += 1;
          else {
            assertErrorFrame(frame, 'rate_limit_exceeded', ref);
            refused += 1;
          }
        }
        assert.ok(refused > 0, 'some are refused');
      }
      assert.equal((await waiting(bob)).length, taken);
    });
  },
  {
    env: { E2EE_LIMIT_REQUESTS: '20', E2EE_LIMIT_CLAIMS: '0', E2EE_LIMIT_CLAIMS_PER_PEER: '0' },
    stages: ['two servers'],
  },
);

await onEveryStage(
  'limit of sends',
  (stage) => {
    test('what is refused is not stored, and other requests go on', async () => {
      const [alice, bob] = [await stage.account(), await stage.account()];
      const answers = await Promise.all(Array.from({ length: 60 }, () => alice.send(message(bob.id))));
      const refused = answers.filter(({ status }) => status !== 200);
      assert.ok(refused.length > 0 && refused.length <= 40, `${refused.length} of 60 refused`);
      for (const answer of refused) assertLimited(answer);
      assert.equal((await waiting(bob)).length, 60 - refused.length);
      assert.equal((await alice.get('/keys/status')).status, 200);
      assert.equal((await bob.send(message(alice.id))).status, 200);
    });

    test('a distribution costs one per item', async () => {
      const [alice, bob] = [await stage.account(), await stage.account()];
      const distribute = () => alice.distribute('g', items(bob.id, 15));
      const answers = await Promise.all([distribute(), distribute(), distribute(), distribute()]);
      const refused = answers.filter(({ status }) => status !== 200);
      assert.ok(refused.length >= 1 && refused.length <= 3, `${answers.map(({ status }) => status)}`);
      for (const answer of refused) assertLimited(answer);
      assert.equal((await waiting(bob)).length, 15 * (4 - refused.length));
    });

    test('sends over the socket and over HTTP share it', async () => {
      const [alice, bob] = [await stage.account(), await stage.account()];
      const socket = await alice.listen();
      for (let ref = 1; ref <= 60; ref += 1) socket.send({ type: 'e2ee.send', ref, data: message(bob.id) });
      const answers: WireFrame[] = [];
      for (let ref = 1; ref <= 60; ref += 1) answers.push(await socket.next((each) => each.ref === ref));
      const refused = answers.filter(({ type }) => type === 'error');
      assert.ok(refused.length > 0, 'some are refused');
      for (const frame of refused) assertErrorFrame(frame, 'rate_limit_exceeded', Number(frame.ref));
      const over = await Promise.all(Array.from({ length: 30 }, () => alice.send(message(bob.id))));
      assert.ok(
        over.some(({ status }) => status === 429),
        'a full bucket would have taken 20',
      );
      const taken = 60 - refused.length + over.filter(({ status }) => status === 200).length;
      assert.equal((await waiting(bob)).length, taken);
      assert.equal(socket.open, true);
    });

    test('a send that is refused for its content is paid for too', async () => {
      const alice = await stage.account();
      const wrong = await Promise.all(Array.from({ length: 60 }, () => alice.send(message(randomUUID()))));
      for (const { status } of wrong) assert.ok([404, 429].includes(status), `${status}`);
      assert.ok(
        wrong.some(({ status }) => status === 429),
        'nobody tries out ids for nothing',
      );
    });
  },
  { env: { E2EE_LIMIT_SENDS: '20' }, stages: ['sqlite'] },
);

await onEveryStage(
  'limit of sockets',
  (stage) => {
    test('of an address: one more is refused with 429, others are not, and a closed one makes room', async () => {
      const from = '127.0.42.1';
      const people = (await stage.accounts(7)).map(({ who }) => stage.client(who, { from }));
      const sockets = await Promise.all(people.slice(0, 6).map((person) => person.listen()));
      const seventh = given(people[6]);
      await assert.rejects(seventh.listen(), (error) => {
        assert.ok(error instanceof UpgradeRefused, String(error));
        assertRefused(error.answer, 429, 'rate_limit_exceeded');
        assert.ok(Number(error.answer.headers['retry-after']) >= 1);
        return true;
      });
      await (await stage.account({ from: '127.0.42.2' })).listen();
      await given(sockets[0]).close();
      await eventually('room for one more', () => seventh.listen().then(Boolean, () => false));
      for (const socket of sockets.slice(1)) assert.equal(socket.open, true);
    });

    test('of a device: it never has more than its share, and what it has still hears', async () => {
      const [alice, bob] = [await stage.account({ from: '127.0.42.3' }), await stage.account()];
      const sockets: WireSocket[] = [];
      for (let n = 0; n < 6; n += 1) {
        const socket = await stage.client(alice.who, { from: `127.0.43.${n + 1}` }).open();
        socket.send({ type: 'auth', data: { token: tokenOf(alice) } });
        await socket.next('auth.ok').catch(() => null);
        sockets.push(socket);
      }
      await eventually('four are left', () => sockets.filter(({ open }) => open).length === 4);
      await bob.send(message(alice.id, { clientMessageId: 'heard' }));
      for (const socket of sockets.filter(({ open }) => open)) await socket.next('e2ee.envelope');
      for (const socket of sockets.filter(({ open }) => !open)) {
        const { code } = await socket.closed();
        assert.ok([1008, 1013].includes(code), `${code}`);
        assertErrorFrame(given(socket.of('error')[0]), 'rate_limit_exceeded');
      }
      // Room again when one of them goes.
      await given(sockets.find(({ open }) => open)).close();
      await eventually('room for one more', async () => {
        const socket = await stage
          .client(alice.who, { from: '127.0.43.7' })
          .listen()
          .catch(() => null);
        return socket !== null;
      });
    });
  },
  { env: { E2EE_LIMIT_CONNECTIONS: '6', E2EE_LIMIT_SOCKETS: '4' }, stages: ['sqlite'] },
);
