import { EntityIdentity, IdentityError } from '@blindpost/client/identity';
import type { Command } from 'commander';
import { Failure } from '../failure.js';
import { USAGE } from './exit-code.js';

export interface AttesterOptions {
  attester?: string;
  apiKey?: string;
}

/** Of a server that is not for production. */
const DEVELOPMENT_ATTESTER = 'development';

/** Adds the options that say who attests. */
export function withAttester(command: Command): Command {
  return command
    .option(
      '--attester <id>',
      `attester; without a key, one for development (default: "${DEVELOPMENT_ATTESTER}")`,
    )
    .option('--api-key <hex>', 'key of the attester; or the environment: EID_API_KEY');
}

export function apiKeyOf({ apiKey }: AttesterOptions): string | undefined {
  return apiKey ?? (process.env.EID_API_KEY || undefined);
}

/** The attester to name: with a key it is known by that. */
export function attesterOf(options: AttesterOptions): string | undefined {
  return options.attester ?? (apiKeyOf(options) === undefined ? DEVELOPMENT_ATTESTER : undefined);
}

export function openServer(apiUrl: string, apiKey?: string): EntityIdentity {
  try {
    return new EntityIdentity({ apiUrl, apiKey });
  } catch (error) {
    throw new Failure(error instanceof Error ? error.message : String(error), USAGE);
  }
}

/** Asks a server; one that cannot be asked has refused nothing. */
export async function asking<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question();
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    const unknown = error.temporary || error.code === 'bad_answer';
    const field = typeof error.details.field === 'string' ? ` (${error.details.field})` : '';
    throw new Failure(`${error.code}: ${error.message}${field}`, unknown ? USAGE : 1);
  }
}
