import type { Server, Socket } from 'node:net';
import { countedAs } from './addresses.js';

/** Connections of one address beside two for each of its sockets: requests, and sockets about to open. */
const SPARE = 50;

/**
 * Bounds the open TCP connections of one address, whether they ever say a word or not: silent ones would
 * otherwise fill the listener and shut everybody else out.
 */
export class Connections {
  readonly #open = new Map<string, number>();
  readonly #bound: number;

  /** @param perAddress sockets an address may open, 0 = no bound; so too behind a proxy, which is one address. */
  constructor(listener: Server, perAddress: number) {
    this.#bound = 2 * perAddress + SPARE;
    if (perAddress > 0) listener.on('connection', (socket) => this.#take(socket));
  }

  #take(socket: Socket): void {
    const address = countedAs(socket.remoteAddress);
    const open = this.#open.get(address) ?? 0;
    if (open >= this.#bound) {
      socket.destroy();
      return;
    }
    this.#open.set(address, open + 1);
    socket.once('close', () => this.#release(address));
  }

  #release(address: string): void {
    const open = (this.#open.get(address) ?? 1) - 1;
    if (open > 0) this.#open.set(address, open);
    else this.#open.delete(address);
  }
}
