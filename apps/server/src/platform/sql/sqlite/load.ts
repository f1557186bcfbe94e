import type { AnyCommand } from '../batch.js';
import type { Query } from '../command.js';

/** Where a thread finds a command or a query. */
export interface Definition {
  readonly module: string;
  readonly name: string;
}

type AnyQuery = Query<unknown, unknown, unknown>;

const commands = new Map<string, AnyCommand>();
const queries = new Map<string, AnyQuery>();

export function loadCommand(definition: Definition): Promise<AnyCommand> {
  return load(definition, commands, isCommand);
}

export function loadQuery(definition: Definition): Promise<AnyQuery> {
  return load(definition, queries, isQuery);
}

async function load<D>(
  { module, name }: Definition,
  loaded: Map<string, D>,
  accepts: (value: unknown) => value is D,
): Promise<D> {
  const key = `${module}#${name}`;
  const known = loaded.get(key);
  if (known !== undefined) return known;
  const exports: Record<string, unknown> = await import(module);
  const found = exports[name];
  if (!accepts(found)) throw new Error(`${module} does not export the definition ${name} under its own name`);
  loaded.set(key, found);
  return found;
}

function isCommand(value: unknown): value is AnyCommand {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'command';
}

function isQuery(value: unknown): value is AnyQuery {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'query';
}
