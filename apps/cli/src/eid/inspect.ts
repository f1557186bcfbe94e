import { isAttested, isClaim } from '@blindpost/client/identity';
import { entityTypeByNumber, typesOfMask } from '@blindpost/zk/entity-types';
import { parseNumber, SCALAR_MODULUS } from '@blindpost/zk/field';
import { SIGNAL_NAMES } from '@blindpost/zk/proof';
import { Command } from 'commander';
import { Failure } from '../failure.js';
import { describeType } from './entity-type.js';
import { USAGE } from './exit-code.js';
import { readJson } from './file.js';

/** `eid inspect` */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Show what a proof or an attestation says, whether that holds or not.')
    .argument('<file>', 'of "eid prove" or "eid attest"')
    .action(async (path: string) => {
      const lines = describe(await readJson(path));
      if (lines === undefined) throw new Failure(`${path} holds neither a proof nor an attestation`, USAGE);
      process.stdout.write(
        `${lines.map(([name, value]) => `${`${name}:`.padEnd(18)}${value}`).join('\n')}\n`,
      );
    });
}

function describe(value: unknown): [name: string, value: string][] | undefined {
  if (isClaim(value)) {
    const signals = value.publicSignals.map((text) => parseNumber(text, SCALAR_MODULUS));
    const type = entityTypeByNumber(signals[2] ?? 0n);
    const numbers = SIGNAL_NAMES.map((name, at): [string, string] => [name, `${signals[at] ?? 'no number'}`]);
    return [
      ['proof', 'not verified here'],
      ['type', type === undefined ? 'none' : describeType(type)],
      ...numbers,
    ];
  }
  if (!isAttested(value)) return undefined;
  const { attestation, registryRoot, development } = value;
  return [
    ['attestation', attestation.id],
    ['type', attestation.entityType],
    ['entityCommitment', attestation.entityCommitment],
    ['attesterIndex', String(attestation.attesterIndex)],
    [
      'attesterTypes',
      typesOfMask(attestation.attesterTypeMask)
        .map(({ code }) => code)
        .join(' '),
    ],
    ['attestersRoot', registryRoot],
    ['createdAt', attestation.createdAt],
    ['expiresAt', attestation.expiresAt ?? 'never'],
    ['development', development === true ? 'yes: worth nothing outside' : 'no'],
  ];
}
