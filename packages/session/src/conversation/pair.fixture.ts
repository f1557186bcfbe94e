import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { IdentityKeys } from '../identity/identity-keys.js';
import { PreKeys } from '../pre-keys/pre-keys.js';
import type { Random } from '../primitives/random.js';
import { Conversation } from './conversation.js';

/** A test's randomness: the same bytes for the same name, in the order they are asked for. */
export function randomOf(name: string): Random {
  let calls = 0;
  return (length) => {
    calls += 1;
    const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, at) =>
      sha512(utf8ToBytes(`${name}/${calls}/${at}`)),
    );
    return concatBytes(...blocks).slice(0, length);
  };
}

/** Somebody with an identity and prekeys. */
export interface Party {
  readonly identity: IdentityKeys;
  readonly preKeys: PreKeys;
  readonly random: Random;
}

export function partyOf(name: string): Party {
  const random = randomOf(name);
  const identity = IdentityKeys.create(random);
  return { identity, preKeys: PreKeys.create(identity, 0, random), random };
}

export const text = (value: string): Uint8Array => utf8ToBytes(value);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Two who have heard of each other: Alice began, Bob has answered. */
export function pairOf(name: string) {
  const alice = partyOf(`${name}/alice`);
  const bob = partyOf(`${name}/bob`);
  const [oneTime] = bob.preKeys.refill(1);
  const begun = Conversation.begin(alice.identity, bob.preKeys.bundle(oneTime), { random: alice.random });
  const { conversation } = Conversation.accept(bob.identity, bob.preKeys, begun.encrypt(text('hello')), {
    random: bob.random,
  });
  begun.decrypt(conversation.encrypt(text('hello yourself')), alice.preKeys);
  return { alice: { ...alice, conversation: begun }, bob: { ...bob, conversation } };
}
