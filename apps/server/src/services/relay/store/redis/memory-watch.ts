import type { Connection } from './functions.js';
import { text } from './reply.js';

const PERIOD_MS = 500;

/**
 * Knows whether Redis uses more memory than the mailboxes may take. It asks twice a second, because asking
 * at each message would double the round trips: the bound may be passed by what arrives in half a second.
 */
export class MemoryWatch {
  #isFull = false;
  #timer: NodeJS.Timeout | null = null;

  /** @param bytes 0 = no bound */
  constructor(
    private readonly connection: Connection,
    private readonly bytes: number,
  ) {}

  /** Asks for the first time and from then on; resolves when the first answer is in. */
  async start(): Promise<void> {
    if (this.bytes === 0) return;
    await this.#look();
    // While Redis is away every verb fails by itself; the last answer stands until it is back.
    this.#timer = setInterval(() => void this.#look().catch(() => undefined), PERIOD_MS);
    this.#timer.unref();
  }

  isFull(): boolean {
    return this.#isFull;
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    const info = text(await this.connection.send(['INFO', 'memory']));
    const used = /^used_memory:(\d+)/m.exec(info)?.[1];
    this.#isFull = used !== undefined && Number(used) > this.bytes;
  }
}
