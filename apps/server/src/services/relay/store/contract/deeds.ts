import type { RelayStore } from '../store.js';
import { type Bench, bundle, CAPS, newName, ownerOf, text } from './bench.js';

/** An identity that has everything an identity can have. */
export type Life = { name: string; alias: string; nickname: string; friend: string; token: string };

export async function live(bench: Pick<Bench, 'now'>, store: RelayStore): Promise<Life> {
  const [name, alias, nickname, friend, token] = [newName(), newName(), newName(), newName(), newName()];
  await store.admit(name, { by: 'key', tokenHash: token, expiresAt: bench.now() + 3_600_000 });
  await store.putBundle(name, bundle('keys', 3, 'sealed hash'));
  await store.takeBundle(name, friend, CAPS);
  const owner = await ownerOf(store, name);
  await store.claimAlias(alias, { owner, proven: false });
  await store.claimNickname(nickname, { owner: name, proven: true, sealed: 'sealed nickname' });
  await store.grant(owner, friend, 'sealed friend');
  await store.append(name, text('mail', friend), true);
  return { name, alias, nickname, friend, token };
}

type Deed = (store: RelayStore, life: Life, bench: Pick<Bench, 'now'>) => Promise<unknown>;

/** What an owner does, each of which renews all that the owner left. */
export const OWNER_DEEDS: Record<string, Deed> = {
  admit: (store, { name }, bench) =>
    store.admit(name, { by: 'key', tokenHash: newName(), expiresAt: bench.now() + 3_600_000 }),
  resume: (store, { name, token }) => store.resume(name, token),
  own: (store, { name }) => store.own(name),
  putBundle: (store, { name }) => store.putBundle(name, bundle('keys', 3, 'sealed hash')),
  claimNickname: (store, { name, nickname }) =>
    store.claimNickname(nickname, { owner: name, proven: true, sealed: 'sealed nickname' }),
  claimAlias: async (store, { name, alias }) =>
    store.claimAlias(alias, { owner: await ownerOf(store, name), proven: false }),
  grant: async (store, { name, friend }) => store.grant(await ownerOf(store, name), friend, 'sealed friend'),
  revoke: async (store, { name }) => store.revoke(await ownerOf(store, name), newName()),
  ack: (store, { name }) => store.ack(name, []),
};
