import type { Random } from '../../../../platform/random.js';
import { isOutOfMemory } from '../../../../platform/redis/failure.js';
import { chargeOf, parseMessageId } from '../message.js';
import type { Appended, AppendRefusal, Name, NewMessage, RelayStoreLimits, StoredMessage } from '../store.js';
import { decodeMessage, encodeBody } from './body.js';
import { type Entries, parseEntry } from './entries.js';
import { type Connection, encode, type Functions } from './functions.js';
import { mailKeys, recordKeys } from './keys.js';
import type { MemoryWatch } from './memory-watch.js';
import { binary, integer, list, text } from './reply.js';

/** What moves messages. A message costs one round trip, or two when it goes to an alias. */
export class Mailboxes {
  constructor(
    private readonly connection: Connection,
    private readonly functions: Functions,
    private readonly aliases: Entries,
    private readonly memory: MemoryWatch,
    private readonly limits: RelayStoreLimits,
    private readonly random: Random,
  ) {}

  async route(to: Name): Promise<Name> {
    // Goes round again only when the alias found was dead, and is erased now.
    for (;;) {
      const entry = await this.functions.call('relay_route', mailKeys(to));
      if (entry === null) return to;
      const { owner, generation } = parseEntry(text(entry));
      if (await this.aliases.isAlive(owner, generation)) return owner;
      await this.aliases.drop(to, owner, generation);
    }
  }

  async append(to: Name, message: NewMessage, create: boolean): Promise<Appended | AppendRefusal> {
    for (;;) {
      const [outcome, detail] = await this.#queue(to, message, '', create);
      if (outcome !== 'diverted') return answer(to, outcome, detail);
      const { owner, generation } = parseEntry(text(detail));
      const [reached, sequence] = await this.#queue(owner, message, generation, false);
      if (reached !== 'dead') return answer(owner, reached, sequence);
      await this.aliases.drop(to, owner, generation);
    }
  }

  async read(
    name: Name,
    after: number,
    count: number,
    bytes: number,
    generation = '',
  ): Promise<StoredMessage[]> {
    const args = [this.limits.ttlMs, after, count, bytes, generation].map(encode);
    const reply = list(await this.connection.callBinary('relay_read', mailKeys(name), args)).map(binary);
    const messages: StoredMessage[] = [];
    for (let index = 0; index + 2 < reply.length; index += 3) {
      const [sequence, salt, body] = reply.slice(index, index + 3);
      if (sequence === undefined || salt === undefined || body === undefined) break;
      messages.push(decodeMessage(Number(sequence.toString()), salt.toString(), body));
    }
    return messages;
  }

  async ack(name: Name, ids: readonly string[]): Promise<number> {
    const messages = ids.flatMap((id) => parseMessageId(id) ?? []);
    const args = messages.flatMap(({ sequence, salt }) => [sequence, salt]);
    return integer(await this.functions.call('relay_ack', recordKeys(name), this.limits.ttlMs, ...args));
  }

  /** @param generation whom an alias means; '' for the name itself, whoever it is now */
  async #queue(name: Name, message: NewMessage, generation: string, create: boolean): Promise<unknown[]> {
    const { ttlMs, senderShare, mailboxMessages, mailboxBytes } = this.limits;
    const args = [
      ttlMs,
      this.random.hex(8),
      this.random.hex(32),
      generation,
      create,
      this.memory.isFull(),
      senderShare * mailboxMessages,
      senderShare * mailboxBytes,
      mailboxMessages,
      mailboxBytes,
      message.sender,
      message.salt,
      chargeOf(message),
    ].map(encode);
    try {
      const body = encodeBody(message);
      return list(await this.connection.call('relay_append', mailKeys(name), [...args, body]));
    } catch (error) {
      if (isOutOfMemory(error)) return ['memory'];
      throw error;
    }
  }
}

function answer(name: Name, outcome: unknown, detail: unknown): Appended | AppendRefusal {
  switch (outcome) {
    case 'ok':
      return { status: 'ok', name, sequence: integer(detail) };
    case 'absent':
      return { status: 'absent' };
    case 'sender':
    case 'mailbox':
    case 'memory':
      return { status: 'full', scope: outcome };
    default:
      throw new TypeError('relay_append answered something new');
  }
}
