/** What is owed to a peer is given to it later, where it cannot be given at once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Conversation, IdentityKeys, PreKeys, seal } from '@blindpost/session';
import { MemoryStore } from '../stores/memory.js';
import type { Entry } from '../stores/store.js';
import { encodeContent } from './content.js';
import { Ledger } from './ledger.js';
import type { MessageState } from './message.js';
import { Receipts } from './receipts.js';
import { Receiver } from './receiver.js';
import { hashOf, Sender } from './sender.js';
import { ChatState } from './state.js';
import type { Transport } from './transport/transport.js';

const peer = IdentityKeys.create();
const peerKeys = PreKeys.create(peer, Date.now());
const name = hashOf(peer.publicKey);
const id = 'a'.repeat(32);

/** One life of a chat by a transport that takes everything at once. */
async function live(entries: readonly Entry[], { outbox = 10 } = {}) {
  const store = new MemoryStore();
  await store.commit(entries.map(([key, value]) => ({ key, value })));
  const state = await ChatState.open(store, Date.now());
  const ledger = new Ledger(state, { history: 10, outbox }, undefined);
  const taken: Uint8Array[] = [];
  const transport: Transport = {
    via: 'relay',
    address: hashOf(state.identity.publicKey),
    account: undefined,
    maxContent: 1_000,
    parse: (address) => ({ name: address, hash: address }),
    addressOf: (address) => address,
    open: async () => {},
    bundle: async () => peerKeys.bundle(),
    transmit: async (destination, sealed) => {
      taken.push(sealed);
      return { direction: 'out', via: 'relay', destination, size: 0, at: 0, head: sealed };
    },
    close: async () => {},
    burn: async () => {},
  };
  const states: MessageState[] = [];
  const failed = (error: unknown) => assert.fail(String(error));
  const told = {
    changed: ({ state }: { state: MessageState }) => void states.push(state),
    failed,
    wire: () => {},
  };
  const parts = { state, ledger, transport, now: Date.now, ...told };
  const sender = new Sender(parts);
  // As when the process dies as soon as a message is in the store.
  const receiver = new Receiver({ ...parts, stored: () => {}, wanted: () => {}, lost: () => {} });
  return { store, state, ledger, sender, receiver, taken, states };
}

test('a peer that asked for what it lost is sent it by the next life, when this one had no time', async () => {
  const first = await live([]);
  await first.sender.text({ name, hash: name }, 'lost');
  await first.sender.idle();
  assert.deepEqual([first.taken.length, first.states], [1, ['sent']]);
  const session = Conversation.begin(peer, first.state.preKeys.bundle());
  const own = first.state.identity.publicKey;
  const sealed = seal(own, peer.publicKey, session.encrypt(encodeContent({ kind: 'renew' })));
  await first.receiver.receive({ sealed, account: null });
  const entries = await first.store.list('');
  await first.state.close('close');

  const second = await live(entries);
  await second.sender.resume();
  while (second.taken.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  await second.sender.idle();
  const last = await second.store.list('');
  await second.state.close('close');

  const third = await live(last);
  await third.sender.resume();
  await third.sender.settle();
  assert.equal(third.taken.length, 0);
  await third.state.close('close');
});

test('a receipt that finds the outbox full goes when there is room', async () => {
  const { state, ledger } = await live([], { outbox: 1 });
  const letter = await state.run(async (tx) => {
    const known = tx.addPeer(name);
    known.conversation = Conversation.begin(state.identity, peerKeys.bundle());
    known.identityKey = peer.publicKey;
    known.received.push(id);
    return ledger.post(tx, known, { kind: 'text', id, text: 'first', at: 1 });
  });
  const letters: number[] = [];
  const posted = new Promise<void>((resolve) => {
    const receipts = new Receipts({
      state,
      ledger,
      posted: (_, number) => {
        letters.push(number);
        resolve();
      },
      failed: (error) => assert.fail(String(error)),
    });
    receipts.owe(name);
    void (async () => {
      await receipts.send();
      assert.deepEqual(letters, []);
      await state.run((tx) => ledger.take(tx, letter));
      receipts.roomy();
    })();
  });
  await posted;
  assert.equal((await state.run((tx) => tx.peer(name)))?.received.length, 0);
  await state.close('close');
});
