import { tell } from '../events/tell.js';
import type { StateChange, WireEvent } from './message.js';

/** Events of a chat, by name. */
interface EventTypes {
  state: StateChange;
  error: Error;
  wire: WireEvent;
  connection: string;
}

type Listeners = { [E in keyof EventTypes]: Set<(event: EventTypes[E]) => void> };

export interface EventOptions {
  onState?: (change: StateChange) => void;
  onError?: (error: Error) => void;
  onWire?: (event: WireEvent) => void;
  onConnection?: (state: string) => void;
}

/** Whom a chat tells what; listeners are called outside of its own call stack. */
export class Events {
  readonly #listeners: Listeners = {
    state: new Set(),
    error: new Set(),
    wire: new Set(),
    connection: new Set(),
  };

  constructor({ onState, onError, onWire, onConnection }: EventOptions) {
    if (onState !== undefined) this.on('state', onState);
    if (onError !== undefined) this.on('error', onError);
    if (onWire !== undefined) this.on('wire', onWire);
    if (onConnection !== undefined) this.on('connection', onConnection);
  }

  /** Answers how to stop listening. */
  on<E extends keyof EventTypes>(name: E, listener: (event: EventTypes[E]) => void): () => void {
    const listeners: Set<(event: EventTypes[E]) => void> = this.#listeners[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  state(change: StateChange): void {
    for (const listener of this.#listeners.state) tell(listener, change);
  }

  failed(error: unknown): void {
    const told = error instanceof Error ? error : new Error(String(error));
    for (const listener of this.#listeners.error) tell(listener, told);
  }

  wire(event: WireEvent): void {
    for (const listener of this.#listeners.wire) tell(listener, event);
  }

  connection(state: string): void {
    for (const listener of this.#listeners.connection) tell(listener, state);
  }
}
