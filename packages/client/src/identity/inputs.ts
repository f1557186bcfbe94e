import { toField } from '@blindpost/zk/context';
import type { EntitySecrets } from '@blindpost/zk/entity';
import type { EntityProofInputs } from '@blindpost/zk/prover';
import type { Attested } from './types.js';

/** The circuit's inputs as snarkjs takes them: decimals. */
export type ProofInputs = {
  [Name in keyof EntityProofInputs]: Name extends `path${string}` ? string[] : string;
};

/** What of an attestation goes into the circuit. */
export type SignedAttestation = Pick<
  Attested['attestation'],
  'attesterPubKeyX' | 'attesterPubKeyY' | 'attesterTypeMask' | 'signatureR8X' | 'signatureR8Y' | 'signatureS'
>;

/** What is to be proven. */
export interface Statement {
  /** The number of the type, as `EntityTypes` has it. */
  typeCode: number;
  attestation: SignedAttestation;
  merkleProof: Attested['merkleProof'];
  registryRoot: string;
  /** A decimal number of the field is taken as it is, any other text by its hash. */
  contextId: string;
}

/** The secrets are among the inputs: hand them to a prover and to nobody else. */
export function proofInputs({ secret, salt }: EntitySecrets, statement: Statement): ProofInputs {
  const { typeCode, attestation, merkleProof, registryRoot, contextId } = statement;
  return {
    claimedType: String(typeCode),
    attestersRoot: registryRoot,
    contextId: toField(contextId).toString(),
    secret: secret.toString(),
    salt: salt.toString(),
    attesterPubKeyX: attestation.attesterPubKeyX,
    attesterPubKeyY: attestation.attesterPubKeyY,
    typeMask: String(attestation.attesterTypeMask),
    signatureR8X: attestation.signatureR8X,
    signatureR8Y: attestation.signatureR8Y,
    signatureS: attestation.signatureS,
    pathElements: merkleProof.pathElements.map(String),
    pathIndices: merkleProof.pathIndices.map(String),
  };
}
