import {
  isClaim,
  type Rejected,
  type Verified,
  type VerifiedOffline,
  verifyOffline,
} from '@blindpost/client/identity';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import { ceremony, verificationKey } from './artefacts.js';
import { describeType } from './entity-type.js';
import { INVALID, USAGE } from './exit-code.js';
import { readText } from './file.js';
import { mislabelled, type ProofFile, proofFile } from './proof-file.js';
import { asking, openServer } from './server.js';

interface VerifyOptions {
  proof: string;
  vkey?: string;
  url?: string;
  context?: string;
  domain?: string;
  consume: boolean;
}

type Verdict = VerifiedOffline | Verified | Rejected;

/** `eid verify` */
export function verifyCommand(): Command {
  return new Command('verify')
    .description(
      'Verify a proof: by a verification key, or by a server, which knows registry and nullifiers.',
    )
    .requiredOption('--proof <path>', 'proof file to verify')
    .option('--vkey <path>', 'verification key file; by default the one installed here')
    .option('--url <url>', 'server to ask')
    .option('--context <id>', 'the context that the proof must be for')
    .option('--domain <name>', 'with --url: name space of nullifiers')
    .option('--consume', 'with --url: use the proof up', false)
    .action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const { url, vkey, consume, domain } = options;
  if (url === undefined && (consume || domain !== undefined))
    throw new Failure('--domain and --consume go with --url', USAGE);
  if (url !== undefined && vkey !== undefined) throw new Failure('--vkey and --url: give one of them', USAGE);
  const file = await readProof(options.proof);
  const verdict = file === undefined ? malformed('proof') : await judge(file, options);
  if (!verdict.valid) {
    process.stdout.write('Valid: false\n');
    process.stderr.write(`eid: ${verdict.error}: ${verdict.message}\n`);
    process.exitCode = INVALID;
    return;
  }
  process.stdout.write(`${describe(verdict).join('\n')}\n`);
  if (file?.development === true)
    process.stdout.write('By an attester for development: worth nothing outside.\n');
  if (url === undefined && vkey === undefined && (await ceremony()) !== 'public')
    process.stderr.write('eid: the verification key comes from a development ceremony\n');
}

/** Undefined when the file holds no JSON: whoever cut it short made the proof invalid. */
async function readProof(path: string): Promise<ProofFile | undefined> {
  const text = await readText(path);
  try {
    return proofFile(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function judge(file: ProofFile, options: VerifyOptions): Promise<Verdict> {
  const { proof, publicSignals } = file;
  const claim = { proof, publicSignals };
  if (!isClaim(claim)) return malformed('proof');
  const label = mislabelled(file, claim);
  if (label !== undefined) return malformed(label);
  const { url, context, domain, consume } = options;
  if (url !== undefined) {
    const server = openServer(url);
    const expect = context === undefined ? undefined : { contextId: context };
    return asking(() => server.verify(claim, { domain, consume, expect }));
  }
  const key = await verificationKey(options.vkey);
  try {
    return await verifyOffline(claim, key, { contextId: context });
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(`${options.vkey}: ${error.message}`, USAGE);
    throw error;
  }
}

function malformed(field: string): Rejected {
  const message =
    field === 'proof' ? 'the file holds no proof' : `${field} in the file is not what was proven`;
  return { valid: false, error: 'invalid_request', message, details: { field } };
}

function describe(verdict: VerifiedOffline | Verified): string[] {
  const { entityType: code, entityTypeName: name, phoneticName: phonetic } = verdict;
  return [
    'Valid: true',
    `Type: ${describeType({ code, phonetic, name })}`,
    `Commitment: ${verdict.entityCommitment}`,
    `Nullifier: ${verdict.nullifier}`,
    `Context: ${verdict.contextId}`,
    ...('attestersRoot' in verdict
      ? [
          `Registry root: ${verdict.attestersRoot} (compare it with one that you trust, or ask a server: --url)`,
        ]
      : [
          'Registry root: valid',
          `Nullifier status: ${verdict.nullifierStatus}${verdict.recorded ? ', recorded' : ''}`,
        ]),
  ];
}
