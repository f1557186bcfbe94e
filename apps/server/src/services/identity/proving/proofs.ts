import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { type EntityProofInputs, type ProofResult, Prover } from '@blindpost/zk/prover';

/** Proofs that may wait for the one under way. */
const WAITING = 4;

/** Makes proofs in a worker of its own, one after the other; the worker starts with the first one. */
export class Proofs {
  #prover: Promise<Prover> | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #held = 0;

  /** Null when too many wait already. Rejects with a `ProverError`. */
  async prove(inputs: EntityProofInputs): Promise<ProofResult | null> {
    if (this.#held > WAITING) return null;
    this.#held += 1;
    this.#prover ??= open();
    const prover = await this.#prover;
    const proof = this.#last.then(() => prover.prove({ ...inputs }));
    this.#last = proof.catch(() => undefined);
    return proof.finally(() => {
      this.#held -= 1;
    });
  }

  async close(): Promise<void> {
    const prover = await this.#prover;
    prover?.close();
  }
}

async function open(): Promise<Prover> {
  const manifest = await loadManifest();
  const [wasm, zkey] = await Promise.all([loadArtefact('wasm', manifest), loadArtefact('zkey', manifest)]);
  return new Prover({ wasm, zkey });
}
