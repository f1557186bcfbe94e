import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { before, test } from 'node:test';
import { AckAnswer, Envelope, PublicBundle } from '@blindpost/protocol/e2ee';
import { makeE2eeUpload, makePreKeys } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { assertOk, member, shaped } from '../relay/answers.js';
import { stock, waiting } from './answers.js';
import { assertKept, Countdown, type Deed, writeOverHttp, writeOverSocket } from './load.js';
import { ackEverything, given, sent } from './people.js';
import { onEveryStage, SCALE, type Stage } from './stage.js';

const ROUNDS = Math.max(4, Math.round(50 * SCALE));
const SENDERS = 16;
const RECIPIENTS = 3;
/** Every limit that a load of this size would meet. */
const UNLIMITED = { E2EE_LIMIT_QUEUE: '0', E2EE_LIMIT_CLAIMS: '0', E2EE_LIMIT_CLAIMS_PER_PEER: '0' };

/** Kills the server once `count` has run down, and starts it again on its data. */
async function killAfter(stage: Stage, count: Countdown): Promise<void> {
  await count.done;
  await new Promise((resolve) => setTimeout(resolve, randomInt(10)));
  await stage.restart('kill');
}

await onEveryStage(
  'kill -9',
  (stage) => {
    let senders: E2eeWire[] = [];
    let recipients: E2eeWire[] = [];

    before(async () => {
      senders = await stage.accounts(SENDERS);
      recipients = await stage.accounts(RECIPIENTS);
    });

    const rise = () => {
      senders = senders.map((person) => stage.again(person));
      recipients = recipients.map((person) => stage.again(person));
    };
    const again = (person: E2eeWire) => given(senders.find(({ id }) => id === person.id));

    /** Everyone writes until the kill: half over HTTP, half over sockets. */
    const writeUntil = async (count: Countdown): Promise<Deed[]> => {
      const writing = senders.map((sender, n) =>
        n % 2 === 0 ? writeOverHttp(sender, recipients, count) : writeOverSocket(sender, recipients, count),
      );
      return (await Promise.all(writing)).flat();
    };

    test(`${ROUNDS} kills during sends: what was answered is kept, once, and no sequence repeats`, async () => {
      const last = new Map(recipients.map(({ id }) => [id, 0]));
      let lost = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const watcher = given(recipients[0]);
        const watching = await watcher.listen();
        const count = new Countdown(randomInt(1, 400));
        const [deeds] = await Promise.all([writeUntil(count), killAfter(stage, count)]);
        rise();

        const unanswered = deeds.filter(({ answer }) => answer === null);
        lost += unanswered.length;
        // Some come again under their id, and so do some that were answered; the others stay unknown.
        const repeated = [
          ...unanswered.filter(() => randomInt(2) === 0),
          ...deeds.filter(({ answer }) => answer !== null && randomInt(20) === 0),
        ];
        await Promise.all(
          repeated.map(async (deed) => {
            const envelope = assertOk(await again(deed.sender).send(deed.body), Envelope);
            if (deed.answer !== null) assert.deepEqual(envelope, deed.answer);
            deed.answer = envelope;
          }),
        );

        for (const recipient of recipients) {
          const queue = await waiting(recipient);
          const seen = given(last.get(recipient.id));
          assertKept(
            queue,
            seen,
            deeds.filter(({ to }) => to === recipient.id),
          );
          if (recipient.id === watcher.id) {
            // What a socket was shown is what the queue holds: nothing was pushed that was not yet on disk.
            for (const { data } of watching.of('e2ee.envelope')) {
              const place = Number(member(data, 'sequence')) - seen - 1;
              assert.equal(queue[place]?.id, member(data, 'id'));
            }
          }
          const end = queue.at(-1)?.sequence ?? seen;
          await recipient.ackAll({ upTo: end });
          assert.deepEqual(await waiting(recipient), []);
          last.set(recipient.id, end);
        }
      }
      assert.ok(lost > 0, 'some kills came between a send and its answer');
    });

    test(`${ROUNDS} kills during acks: what was answered as acknowledged stays so`, async () => {
      const writer = given(senders[0]);
      for (let round = 0; round < ROUNDS; round += 1) {
        const author = again(writer);
        for (const { id } of recipients) {
          await Promise.all(Array.from({ length: 60 }, () => sent(author, id)));
        }
        const before = new Map<string, Envelope[]>();
        for (const recipient of recipients) before.set(recipient.id, await waiting(recipient));

        const count = new Countdown(randomInt(1, 120));
        const acked = new Map<string, unknown>();
        const asked = new Set<string>();
        const [single, listed, framed] = recipients;
        assert.ok(single !== undefined && listed !== undefined && framed !== undefined);
        const socket = await framed.listen();

        const acking = [
          (async () => {
            for (const { id } of given(before.get(single.id))) {
              asked.add(id);
              const answer = await single.ack(id).catch(() => null);
              if (answer === null) return;
              acked.set(id, assertOk(answer, Envelope).ackedAt);
              count.tick();
            }
          })(),
          (async () => {
            const ids = given(before.get(listed.id)).map(({ id }) => id);
            for (let n = 0; n < ids.length; n += 2) {
              const pair = ids.slice(n, n + 2);
              for (const id of pair) asked.add(id);
              const answer: WireAnswer | null = await listed.ackAll({ ids: pair }).catch(() => null);
              if (answer === null) return;
              assert.deepEqual(assertOk(answer, AckAnswer), { acknowledged: pair.length });
              for (const id of pair) acked.set(id, null);
              count.tick();
            }
          })(),
          (async () => {
            for (const { id, sequence } of given(before.get(framed.id))) {
              asked.add(id);
              if (!socket.open) return;
              socket.send({ type: 'e2ee.ack', ref: sequence, data: { upTo: sequence } });
              const frame = await socket.next(({ ref }) => ref === sequence).catch(() => null);
              if (frame === null) return;
              assert.deepEqual(shaped(AckAnswer, frame.data), { acknowledged: 1 });
              acked.set(id, null);
              count.tick();
            }
          })(),
        ];
        await Promise.all([...acking, killAfter(stage, count)]);
        rise();

        for (const recipient of recipients) {
          const left = (await waiting(recipient)).map(({ id }) => id);
          for (const id of left) assert.equal(acked.has(id), false, 'acknowledged, and pending again');
          for (const { id } of given(before.get(recipient.id))) {
            if (!asked.has(id)) assert.ok(left.includes(id), 'gone, and nobody acknowledged it');
          }
        }
        const reader = given(recipients[0]);
        for (const [id, at] of acked) {
          if (at === null) continue;
          const { ackedAt, deliveryStatus } = assertOk(await reader.ack(id), Envelope);
          assert.deepEqual({ ackedAt, deliveryStatus }, { ackedAt: at, deliveryStatus: 2 });
        }
        for (const recipient of recipients) await ackEverything(recipient);
      }
    });

    test(`${ROUNDS} kills during claims: no one-time prekey is handed out twice`, async () => {
      const handedOut = new Set<number>();
      const uploaded = new Map<number, string>();
      const claim = async (person: E2eeWire, owner: E2eeWire): Promise<'key' | 'none' | 'broken'> => {
        const answer = await person.claim(owner.id).catch(() => null);
        if (answer === null) return 'broken';
        const key = assertOk(answer, PublicBundle).oneTimePreKey;
        if (key === null) return 'none';
        assert.equal(handedOut.has(key.keyId), false, `prekey ${key.keyId} twice`);
        assert.equal(uploaded.get(key.keyId), key.publicKey, 'one of those that were uploaded');
        handedOut.add(key.keyId);
        return 'key';
      };
      const bundle = makeE2eeUpload();
      for (let round = 0; round < ROUNDS; round += 1) {
        const owner = given(recipients[0]);
        const fresh = makePreKeys(100 - (await stock(owner)), 1 + uploaded.size);
        for (const { keyId, publicKey } of fresh) uploaded.set(keyId, publicKey);
        assert.equal((await owner.upload({ ...bundle, oneTimePreKeys: fresh })).status, 200);
        // Fewer than there are keys: the kill comes for certain.
        const count = new Countdown(randomInt(1, 80));
        const claiming = senders.map(async (person) => {
          while ((await claim(person, owner)) === 'key') count.tick();
        });
        await Promise.all([...claiming, killAfter(stage, count)]);
        rise();
      }
      // What is left comes out once each, and only what was under way at a kill is missing.
      const owner = given(recipients[0]);
      await Promise.all(
        senders.map(async (person) => {
          while ((await claim(person, owner)) === 'key');
        }),
      );
      const missing = uploaded.size - handedOut.size;
      assert.ok(missing <= senders.length * ROUNDS, `${missing} of ${uploaded.size} came to nobody`);
      assert.equal(await stock(owner), 0);
    });
  },
  { env: UNLIMITED },
);
