import { Entity } from '@blindpost/client/identity';
import { possessionMessage } from '@blindpost/zk/attester';
import { randomKey, sign, signingKey } from '@blindpost/zk/signature';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import { USAGE } from './exit-code.js';
import { writeNew } from './file.js';

interface KeygenOptions {
  output?: string;
  print: boolean;
  attester?: string;
}

const ATTESTER_ID = /^[a-z0-9]([a-z0-9._-]{0,62}[a-z0-9])?$/;

/** `eid keygen` */
export function keygenCommand(): Command {
  return new Command('keygen')
    .description('Make the secret of an entity, or the private key of an attester, in a file of mode 0600.')
    .option('--output <path>', 'file, which must not be there (default: "entity.key", or "attester.key")')
    .option('--print', 'print the secret instead of writing a file', false)
    .option('--attester <id>', 'make the key of an attester of this id, and print what registers it')
    .action(keygen);
}

async function keygen({ output, print, attester }: KeygenOptions): Promise<void> {
  if (print && output !== undefined) throw new Failure('--print and --output: give one of them', USAGE);
  if (attester !== undefined && !ATTESTER_ID.test(attester))
    throw new Failure('--attester is lower-case letters, digits, dots, dashes and underscores', USAGE);
  const key = attester === undefined ? entityKey() : attesterKey(attester);
  const path = output ?? key.path;
  if (!print) await writeNew(path, `${key.secret}\n`);
  process.stdout.write(print ? `${key.secret}\n` : `Secret written to ${path}\n`);
  // The secret alone is on stdout where it was asked for.
  (print ? process.stderr : process.stdout).write(`${key.shown}\n`);
}

function entityKey() {
  const entity = new Entity(crypto);
  return { path: 'entity.key', secret: entity.exportSecret(), shown: `Commitment: ${entity.commitment}` };
}

function attesterKey(id: string) {
  const secret = randomKey();
  const key = signingKey(secret);
  const { r8, s } = sign(key, possessionMessage(key.publicKey, id));
  const registration = {
    id,
    publicKeyX: key.publicKey.x.toString(),
    publicKeyY: key.publicKey.y.toString(),
    proofOfPossession: { signatureR8X: `${r8.x}`, signatureR8Y: `${r8.y}`, signatureS: `${s}` },
  };
  return {
    path: 'attester.key',
    secret: Buffer.from(secret).toString('hex'),
    shown: JSON.stringify(registration, null, 2),
  };
}
