import type { ErrorCode } from '@blindpost/protocol/errors';
import type { Gate } from './admission/gate.js';
import type { Limits } from './admission/limits.js';
import type { Bus } from './bus/bus.js';
import type { Clock } from './clock.js';
import type { Compute } from './compute/compute.js';
import type { Addresses } from './http/addresses.js';
import type { Admin } from './http/admin.js';
import type { Part } from './http/health.js';
import type { Hosts } from './http/hosts.js';
import type { HttpApp } from './http/http.js';
import type { Sockets } from './http/sockets.js';
import type { Log } from './log/log.js';
import type { Metrics } from './metrics/metrics.js';
import type { Section } from './overview/gathering.js';
import type { Random } from './random.js';
import type { RedisConnection } from './redis/connection.js';
import type { Volatile } from './volatile/volatile.js';

/** What every service stands on. */
export type Platform = {
  app: HttpApp;
  sockets: Sockets;
  addresses: Addresses;
  hosts: Hosts;
  admin: Admin;
  gate: Gate;
  /**
   * Limits that refuse with this code; all of them count in the same buckets.
   * @param violations until an address is jailed, 0 = never; as the operator has set it unless the service says
   */
  limitsOf(code: ErrorCode, violations?: number): Limits;
  /** Short-lived state, shared by the instances where there is a Redis. */
  volatile: Volatile;
  /** Goes with the volatile state. */
  bus: Bus;
  /** Goes with the durable state: reaches every instance that stands on the same database. */
  durableBus: Bus;
  /** Null when volatile state is kept in memory. */
  redis: RedisConnection | null;
  compute: Compute;
  clock: Clock;
  random: Random;
  log: Log;
  metrics: Metrics;
  /** BLINDPOST_SECRET; keys are derived from it by label, it is never used itself. */
  secret: string;
};

/** A service that has been mounted. */
export type Service = {
  parts: readonly Part[];
  /** What it tells an operator of itself. */
  overview: Section;
  /** Ends its sockets, then lets go of its store. */
  close(): Promise<void>;
};
