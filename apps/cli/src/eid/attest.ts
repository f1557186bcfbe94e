import { attestedMessage } from '@blindpost/zk/attester';
import type { EntityType } from '@blindpost/zk/entity-types';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import { KEY_BYTES, sign, signingKey } from '@blindpost/zk/signature';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import { describeType, entityType } from './entity-type.js';
import { USAGE } from './exit-code.js';
import { readText, writeJson } from './file.js';
import { givenEntity, type SecretOptions, withSecret } from './secret.js';
import { type AttesterOptions, apiKeyOf, asking, attesterOf, openServer, withAttester } from './server.js';

interface AttestOptions extends SecretOptions, AttesterOptions {
  type: EntityType;
  url: string;
  commitment?: string;
  attesterKey?: string;
  expires?: string;
  output: string;
}

const HEX_KEY = new RegExp(`^[0-9a-f]{${2 * KEY_BYTES}}$`, 'i');

/** `eid attest` */
export function attestCommand(): Command {
  const command = new Command('attest')
    .description('Have an attester vouch for the type of an entity.')
    .requiredOption('--type <code>', 'entity type', entityType)
    .requiredOption('--url <url>', 'address of the server')
    .option('--commitment <number>', 'whom to vouch for; by default the entity of the secret');
  return withSecret(withAttester(command))
    .option('--attester-key <path>', 'file of the private key of an attester that keeps its own')
    .option('--expires <time>', 'when the attestation ends, ISO-8601 with an offset')
    .option('--output <path>', 'output file', 'attestation.json')
    .action(attest);
}

async function attest(options: AttestOptions): Promise<void> {
  const { type, url, attesterKey, expires, output } = options;
  const commitment = await commitmentOf(options);
  const signature = attesterKey === undefined ? undefined : await signed(attesterKey, commitment, type);
  const server = openServer(url, apiKeyOf(options));
  const attested = await asking(() =>
    server.requestAttestation({
      commitment,
      type: type.code,
      attester: attesterOf(options),
      expiresAt: expires,
      signature,
    }),
  );
  await writeJson(output, attested);
  process.stdout.write(`Attestation written to ${output}\n`);
  process.stdout.write(`Type: ${describeType(type)}\nCommitment: ${commitment}\n`);
  if (attested.development === true)
    process.stdout.write('By an attester for development: worth nothing outside.\n');
}

async function commitmentOf(options: AttestOptions): Promise<bigint> {
  const { commitment } = options;
  if (commitment === undefined) {
    const entity = await givenEntity(options);
    if (entity === undefined)
      throw new Failure('--commitment, or a secret to compute it from, is needed', USAGE);
    return entity.getCommitment();
  }
  const number = parseNumber(commitment, SCALAR_MODULUS);
  if (number === undefined) throw new Failure('--commitment is no number of the field', USAGE);
  return number;
}

async function signed(path: string, commitment: bigint, type: EntityType) {
  const hex = (await readText(path)).trim();
  if (!HEX_KEY.test(hex)) throw new Failure(`${path} holds no key of an attester`, USAGE);
  const { r8, s } = sign(
    signingKey(Uint8Array.from(Buffer.from(hex, 'hex'))),
    attestedMessage(commitment, type),
  );
  return { signatureR8X: r8.x.toString(), signatureR8Y: r8.y.toString(), signatureS: s.toString() };
}
