import { parseArgs } from 'node:util';

export type Scenario = 'paced' | 'burst' | 'idle';

/** What to measure, and how hard. */
export type Options = {
  scenarios: readonly Scenario[];
  pairs: number;
  /** Messages per second and pair, and for how long. */
  rate: number;
  seconds: number;
  /** Messages per pair of a burst, and how many of them may be under way. */
  messages: number;
  window: number;
  /** Numbers of idle sockets, ascending. */
  idle: readonly number[];
  rounds: number;
  auth: 'signature' | 'pow';
  client: 'raw' | 'sdk';
  redis: boolean;
  /** A server that runs already; null starts ours. */
  url: string | null;
  control: boolean;
  profile: boolean;
  /** File for the results. */
  json: string | null;
};

export const USAGE = `npm run bench:relay -w bench -- [options]

Without options: paced, burst and idle, each beside the control.
  --rate 20 --seconds 20     paced load only: messages per second and pair
  --burst                    burst only: --messages 2000 per pair, --window 32 under way
  --idle 2000,10000          idle sockets only
  --pairs 100                pairs of clients
  --rounds 1                 repeats of everything; the summary gives medians
  --auth signature|pow       login by work and signature, or by work alone
  --client raw|sdk           frames by hand, or the project's own client
  --redis                    our server on a Redis of its own
  --url http://host:port     a server that runs already, with its limits off
  --alone                    without the control
  --profile                  profile our server and print where its time went
  --json FILE                write the results there
`;

/** Reads the command line. Answers a text when it makes no sense. */
export function readOptions(args: readonly string[]): Options | string {
  try {
    return read(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function read(args: readonly string[]): Options {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ pairs: text, rate: text, seconds: text, messages: text, window: text, idle: text, rounds: text },
      ...{ auth: text, client: text, url: text, json: text },
      ...{ burst: flag, redis: flag, alone: flag, profile: flag },
    },
  });
  const chosen: Scenario[] = [
    ...(values.rate !== undefined || values.seconds !== undefined ? ['paced' as const] : []),
    ...(values.burst || values.messages !== undefined || values.window !== undefined
      ? ['burst' as const]
      : []),
    ...(values.idle === undefined ? [] : ['idle' as const]),
  ];
  const auth = oneOf('auth', values.auth, ['signature', 'pow'] as const);
  const client = oneOf('client', values.client, ['raw', 'sdk'] as const);
  if (auth === 'pow' && client === 'sdk') throw new Error('--client sdk always signs; it has no --auth pow');
  if (values.profile && values.url !== undefined) throw new Error('--profile needs a server started here');
  return {
    scenarios: chosen.length > 0 ? chosen : ['paced', 'burst', 'idle'],
    pairs: count('pairs', values.pairs, 100, 5_000),
    rate: count('rate', values.rate, 20, 10_000),
    seconds: count('seconds', values.seconds, 20, 600),
    messages: count('messages', values.messages, 2_000, 1_000_000),
    window: count('window', values.window, 32, 1_000),
    idle: (values.idle ?? '2000,10000').split(',').map((entry) => count('idle', entry, 0, 19_000)),
    rounds: count('rounds', values.rounds, 1, 20),
    auth,
    client,
    redis: values.redis,
    url: values.url ?? null,
    // A profile shows where the server spends; beside it the control would only cost time.
    control: !values.alone && !values.profile,
    profile: values.profile,
    json: values.json ?? null,
  };
}

function count(name: string, given: string | undefined, fallback: number, most: number): number {
  if (given === undefined) return fallback;
  const value = Number(given);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new Error(`--${name} is a number from 1 to ${most}`);
  return value;
}

function oneOf<T extends string>(name: string, given: string | undefined, values: readonly [T, ...T[]]): T {
  if (given === undefined) return values[0];
  const found = values.find((value) => value === given);
  if (found === undefined) throw new Error(`--${name} is one of ${values.join(', ')}`);
  return found;
}
