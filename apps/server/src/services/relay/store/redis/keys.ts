import type { Name } from '../store.js';

/**
 * The keys of one record, in the order in which the functions number them. The first five are what a
 * message needs, so that the busiest verbs name no more. All share the hash tag of the name: one slot.
 */
const PARTS = [
  'id',
  'mail',
  'bodies',
  'senders',
  'alias',
  'sessions',
  'bundle',
  'prekeys',
  'spent',
  'takes',
  'nicknames',
  'aliases',
  'grants',
] as const;
const MAIL_PARTS = PARTS.slice(0, 5);

export const recordKeys = (name: Name): string[] => PARTS.map((part) => key(name, part));
export const mailKeys = (name: Name): string[] => MAIL_PARTS.map((part) => key(name, part));
export const idKey = (name: Name): string => key(name, 'id');
export const aliasKey = (name: Name): string => key(name, 'alias');
export const nicknameKey = (name: Name): string => key(name, 'nickname');

/** What may be drawn as decoys: when it expires, and what it answers. A slot of its own. */
export const DISCOVERABLE_KEYS = ['bp:{discoverable}:due', 'bp:{discoverable}:entries'];

/** Matches every key of a record; see `partOf`. */
export const ALL_RECORDS = 'bp:{*';
export const partOf = (redisKey: string): string => redisKey.slice(redisKey.lastIndexOf(':') + 1);

function key(name: Name, part: string): string {
  return `bp:{${name}}:${part}`;
}
