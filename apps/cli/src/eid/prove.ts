import {
  type Attested,
  Entity,
  IdentityError,
  type ProofProgress,
  ProverError,
} from '@blindpost/client/identity';
import type { EntityType } from '@blindpost/zk/entity-types';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import { proverArtefacts } from './artefacts.js';
import { readAttestation } from './attestation-file.js';
import { describeType, entityType } from './entity-type.js';
import { INVALID, USAGE } from './exit-code.js';
import { writeJson } from './file.js';
import { attestLocally } from './local-attester.js';
import { givenEntity, type SecretOptions, withSecret } from './secret.js';
import { type AttesterOptions, apiKeyOf, asking, attesterOf, openServer, withAttester } from './server.js';

interface ProveOptions extends SecretOptions, AttesterOptions {
  type: EntityType;
  context: string;
  output: string;
  wasm?: string;
  zkey?: string;
  attestation?: string;
  url?: string;
}

/** `eid prove` */
export function proveCommand(): Command {
  const command = new Command('prove')
    .description('Prove that an entity is of a type. Needs no server but for an attestation.')
    .requiredOption('--type <code>', 'entity type', entityType)
    .requiredOption('--context <id>', 'what the proof is good for once: a number, or any text')
    .option('--output <path>', 'output file', 'proof.json');
  return withAttester(
    withSecret(command)
      .option('--wasm <path>', 'circuit WASM; by default the one installed here')
      .option('--zkey <path>', 'proving key; by default the one installed here')
      .option('--attestation <path>', 'file of "eid attest"; with --url its path is brought up to date')
      .option('--url <url>', 'server to ask for an attestation; without both, a throw-away attester is used'),
  ).action(prove);
}

async function prove(options: ProveOptions): Promise<void> {
  const { type, context, output } = options;
  if (context === '') throw new Failure('--context is empty', USAGE);
  const given = await givenEntity(options);
  if (given === undefined && options.attestation !== undefined)
    throw new Failure('--attestation is for an entity: give its secret', USAGE);
  const entity = given ?? new Entity(crypto);
  const attestation = await attestationFor(entity, options);
  if (attestation.attestation.entityType !== type.code)
    throw new Failure(`the attestation is for ${attestation.attestation.entityType}`, USAGE);
  const artefacts = await proverArtefacts(options);
  const proof = await proving(() =>
    entity.prove({ attestation, contextId: context, artefacts, onProgress: progress }),
  );
  await writeJson(output, proof);
  process.stdout.write(`Proof written to ${output}\n`);
  process.stdout.write(
    `Type: ${describeType(type)}\nCommitment: ${entity.commitment}\nContext: ${proof.contextId}\n`,
  );
  if (proof.development === true)
    process.stdout.write('By an attester for development: worth nothing outside.\n');
  if (given === undefined) process.stdout.write('The entity was made for this proof and is forgotten.\n');
}

async function attestationFor(entity: Entity, options: ProveOptions): Promise<Attested> {
  const { type, url, attestation: path } = options;
  const server = url === undefined ? undefined : openServer(url, apiKeyOf(options));
  if (path !== undefined) {
    const attestation = await readAttestation(path);
    return server === undefined ? attestation : asking(() => server.renew(attestation));
  }
  if (server === undefined) return attestLocally(entity, type);
  const { commitment } = entity;
  return asking(() =>
    server.requestAttestation({ commitment, type: type.code, attester: attesterOf(options) }),
  );
}

async function proving<T>(prove: () => Promise<T>): Promise<T> {
  try {
    return await prove();
  } catch (error) {
    if (error instanceof ProverError) {
      const wrongFiles = error.code === 'invalid_artefacts';
      throw new Failure(`${error.code}: ${error.message}`, wrongFiles ? USAGE : INVALID);
    }
    if (!(error instanceof IdentityError)) throw error;
    const { field } = error.details;
    throw new Failure(`${error.code}: ${error.message}${field === undefined ? '' : ` (${field})`}`, INVALID);
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

/** One line that rewrites itself, where somebody looks at a terminal. */
function progress({ phase, done }: ProofProgress): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[Kproving: ${phase} ${Math.round(done * 100)} %`);
}
