/** A chat on a file, for tests that kill it. The argument is a JSON of {@link Plan}. */
import { appendFileSync } from 'node:fs';
import { Blindpost, type Change } from '@blindpost/client';
import { FileStore } from '@blindpost/client/stores/file';

export interface Plan {
  url: string;
  via: 'relay' | 'e2ee';
  /** Path of the store. */
  store: string;
  /** Where every sealed message is written down as soon as it is committed, and every text that came. */
  log: string;
  /** Sends texts "0", "1", … to this peer, as many as that. */
  to?: string;
  count?: number;
}

const plan: Plan = JSON.parse(process.argv[2] ?? '');
const store = await FileStore.open(plan.store);
const commit = store.commit.bind(store);
const note = (sealed: Uint8Array) =>
  appendFileSync(plan.log, `sealed ${Buffer.from(sealed).toString('hex')}\n`);
// Committed by a life that was killed before it wrote that down.
for (const [, sealed] of await store.list('sealed/')) note(sealed);
store.commit = async (changes: readonly Change[]) => {
  await commit(changes);
  for (const { key, value } of changes) if (key.startsWith('sealed/') && value !== null) note(value);
};
const chat = await new Blindpost({ url: plan.url }).chat({
  via: plan.via,
  store,
  rate: false,
  onMessage: ({ text }) => appendFileSync(plan.log, `text ${text}\n`),
});
console.log(chat.address);
const { to, count = 0 } = plan;
if (to !== undefined) {
  const before = await chat.history(to, { limit: count });
  for (let n = before.length; n < count; n++) await chat.send(to, String(n));
}
setInterval(() => {}, 1_000);
