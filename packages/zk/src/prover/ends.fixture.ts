/** Proves, fails and aborts, says so, and has nothing left that would keep the process alive. */
import { loadArtefact, loadManifest } from '../artefacts/node.js';
import { inputsOf, randomStatement } from '../circuit/statement.fixture.js';
import { Prover, ProverError } from './index.js';

const manifest = await loadManifest();
const wasm = await loadArtefact('wasm', manifest);
const zkey = await loadArtefact('zkey', manifest);
const prover = new Prover({ wasm, zkey });
const inputs = inputsOf(randomStatement());
const said: string[] = [];

await prover.prove(inputs);
said.push('proved');
await prover.prove({ ...inputs, salt: 1n }).catch((error: unknown) => {
  said.push(error instanceof ProverError ? error.code : `${error}`);
});
const controller = new AbortController();
await prover
  .prove(inputs, {
    signal: controller.signal,
    onProgress: ({ phase }) => phase === 'points' && controller.abort('aborted'),
  })
  .catch((reason: unknown) => said.push(`${reason}`));
prover.close();
process.stdout.write(`${said.join(', ')}\n`);
