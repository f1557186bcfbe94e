import type { EndpointOptions } from './endpoint.js';
import type { PacedFigures } from './pace.js';
import type { PhaseFigures } from './phase.js';

/** What the generator's process does when told, one call at a time. */
export type Calls = {
  /** Opens the pairs; answers how many milliseconds that took. */
  open(args: EndpointOptions & { pairs: number }): Promise<number>;
  pace(args: { rate: number; seconds: number }): Promise<PacedFigures>;
  burst(args: { messages: number; window: number }): Promise<PhaseFigures>;
  /** Opens idle sockets until there are `sockets`; answers how many milliseconds that took. */
  idle(args: EndpointOptions & { sockets: number }): Promise<number>;
  /** Idle sockets that the server closed. */
  lostIdle(args: null): Promise<number>;
  close(args: null): Promise<null>;
};

export type Verb = keyof Calls;
export type Arguments<V extends Verb> = Parameters<Calls[V]>[0];
export type Answer<V extends Verb> = Awaited<ReturnType<Calls[V]>>;

export type CallMessage = { [V in Verb]: { verb: V; args: Arguments<V> } }[Verb];
export type AnswerMessage = { ok: true; answer: unknown } | { ok: false; error: string };
