import { toField } from '@blindpost/zk/context';
import { commitmentOf, type EntitySecrets, nullifierOf, secretsFromHex } from '@blindpost/zk/entity';
import { entityTypeByCode } from '@blindpost/zk/entity-types';
import { type Progress, type ProverArtefacts, prove } from '@blindpost/zk/prover';
import { bytesToHex } from '@noble/hashes/utils.js';
import { isAttested } from './answers.js';
import { localError } from './errors.js';
import { type ProofInputs, proofInputs, type SignedAttestation } from './inputs.js';
import { unsoundMember } from './soundness.js';
import type { Attested, EntityProof } from './types.js';

/** The Web Crypto of a browser or of Node, as far as it is needed. */
export interface RandomSource {
  getRandomValues(bytes: Uint8Array<ArrayBuffer>): unknown;
}

/** Where the witness program and the proving key come from. */
export interface ArtefactSource {
  /** @param tell how many bytes have come, of how many; from time to time */
  load(signal?: AbortSignal, tell?: (loaded: number, total: number) => void): Promise<ProverArtefacts>;
}

/** Where a proof stands: `download` comes first, the other phases are the prover's. */
export type ProofProgress = Progress | DownloadProgress;

export interface DownloadProgress {
  phase: 'download';
  /** 0: the work begins behind it. */
  done: number;
  /** Bytes; `total` is 0 until it is known. */
  loaded: number;
  total: number;
}

export interface ProveOptions {
  /** Of `requestAttestation`, for this entity. */
  attestation: Attested;
  /** What the proof is good for once: a decimal number of the field as it is, any other text by its hash. */
  contextId: string;
  onProgress?: ((progress: ProofProgress) => void) | undefined;
  /** Ends downloading and proving at once; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** What to prove with instead of the server's assets. */
  artefacts?: ProverArtefacts | undefined;
}

const KEY_BYTES = 32;

/** Someone who can prove what they are. The secrets never leave the process, and nothing prints them unasked. */
export class Entity {
  /** The entity's public name: a number of the field, decimal. The same in every proof. */
  readonly commitment: string;
  readonly #key: string;
  readonly #secrets: EntitySecrets;
  readonly #source: ArtefactSource | undefined;

  /**
   * @param crypto draws the key of a new entity
   * @param secret the key of one there is: 16 to 64 bytes, as they are or in hex; from it everything is derived
   * @param source of what to prove with; `EntityIdentity.createEntity` hands in the server's
   * @throws RangeError when the secret is none
   */
  constructor(crypto: RandomSource, secret?: string | Uint8Array, source?: ArtefactSource) {
    const key = typeof secret === 'string' ? secret : bytesToHex(secret ?? drawKey(crypto));
    const secrets = secretsFromHex(key);
    if (secrets === undefined) throw new RangeError('a secret is 16 to 64 bytes, or their hex');
    this.#key = key;
    this.#secrets = secrets;
    this.#source = source;
    this.commitment = commitmentOf(secrets).toString();
  }

  /** The commitment as a number. */
  getCommitment(): bigint {
    return BigInt(this.commitment);
  }

  /** The key, in hex, for storing. Whoever has it is this entity. */
  exportSecret(): string {
    return this.#key;
  }

  /** The inputs of the circuit, for `snarkjs.groth16.fullProve`. The secrets are among them. @throws RangeError when the context is none */
  generateProofInputs(
    typeCode: number,
    attestation: SignedAttestation,
    merkleProof: Attested['merkleProof'],
    registryRoot: string,
    contextId: string,
  ): ProofInputs {
    const statement = { typeCode, attestation, merkleProof, registryRoot, contextId };
    return proofInputs(this.#secrets, statement);
  }

  /**
   * Proves, in a worker, that this entity is of the attested type. Takes seconds. Rejects with an IdentityError
   * (`bad_attestation`, or why there are no assets), a ProverError, a RangeError when the context is not well-formed
   * Unicode, or the signal's reason.
   */
  async prove(options: ProveOptions): Promise<EntityProof> {
    const { attestation: attested, contextId, onProgress, signal } = options;
    signal?.throwIfAborted();
    const type = this.#attestedType(attested);
    const context = toField(contextId).toString();
    const artefacts = options.artefacts ?? (await this.#load(onProgress, signal));
    const { attestation, merkleProof, registryRoot, development } = attested;
    const inputs = this.generateProofInputs(type.numeric, attestation, merkleProof, registryRoot, context);
    const { proof, publicSignals } = await prove(inputs, { ...artefacts, signal, onProgress });
    const expected = [
      nullifierOf(this.#secrets.secret, BigInt(context)).toString(),
      this.commitment,
      String(type.numeric),
      registryRoot,
      context,
    ];
    // A witness program of somebody else's choice could say the secret in a signal.
    if (publicSignals.join() !== expected.join()) throw localError('bad_proof');
    const made = { proof, publicSignals, entityType: type.code, contextId: context };
    return development === true ? { ...made, development } : made;
  }

  #attestedType(attested: Attested) {
    if (!isAttested(attested)) throw localError('bad_attestation', { field: 'attestation' });
    const { entityCommitment, entityType } = attested.attestation;
    const field = entityCommitment === this.commitment ? unsoundMember(attested) : 'entityCommitment';
    if (field !== undefined) throw localError('bad_attestation', { field });
    const type = entityTypeByCode(entityType);
    if (type === undefined) throw localError('bad_attestation', { field: 'entityType' });
    return type;
  }

  async #load(onProgress: ProveOptions['onProgress'], signal: AbortSignal | undefined) {
    if (this.#source === undefined)
      throw new TypeError('an entity without a server needs artefacts to prove with');
    const tell = (loaded: number, total: number) =>
      onProgress?.({ phase: 'download', done: 0, loaded, total });
    tell(0, 0);
    return this.#source.load(signal, tell);
  }
}

function drawKey(crypto: RandomSource): Uint8Array {
  const key = new Uint8Array(KEY_BYTES);
  crypto.getRandomValues(key);
  return key;
}
