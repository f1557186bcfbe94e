import { Entity } from '@blindpost/client/identity';
import type { Command } from 'commander';
import { Failure } from '../failure.js';
import { USAGE } from './exit-code.js';
import { readText } from './file.js';

export interface SecretOptions {
  secret?: string;
  secretFile?: string;
}

/** Adds the options that say who the entity is. */
export function withSecret(command: Command): Command {
  return command
    .option('--secret <hex>', 'entity secret, 16 to 64 bytes; others may see it in the list of processes')
    .option(
      '--secret-file <path>',
      'file of the secret, as "eid keygen" writes it; or the environment: EID_SECRET',
    );
}

/** The entity of a secret that was given in one of the three ways; undefined when none was. */
export async function givenEntity({ secret, secretFile }: SecretOptions): Promise<Entity | undefined> {
  if (secret !== undefined && secretFile !== undefined)
    throw new Failure('--secret and --secret-file: give one of them', USAGE);
  const fromFile = secretFile === undefined ? undefined : (await readText(secretFile)).trim();
  // An empty variable is one that nobody set.
  const given = secret ?? fromFile ?? (process.env.EID_SECRET || undefined);
  if (given === undefined) return undefined;
  try {
    return new Entity(crypto, given);
  } catch {
    const source = secret !== undefined ? '--secret' : (secretFile ?? 'EID_SECRET');
    throw new Failure(`${source} is no secret: 16 to 64 bytes in hex`, USAGE);
  }
}
