import type { Conversation } from './model/desk.js';

/** What a peer is called here: the name it was given, or how its address begins. */
export function nameOf({ called, name }: Pick<Conversation, 'called' | 'name'>): string {
  return called === '' ? `${name.slice(0, 8)} …` : called;
}
