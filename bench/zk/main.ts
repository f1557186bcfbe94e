/**
 * bench/zk: what a proof of type costs whoever makes it, whoever verifies it and whoever attests. Not a test.
 *
 * Method 1. One process, and the prover's worker. Wall and CPU time (process.cpuUsage, all threads) of each call,
 * medians over the rounds; everything that is compared takes its turn in every round.
 * - circuit: constraints as the repository's compiler counts them, with full simplification and with circom's
 *   default.
 * - downloads: the bytes a prover fetches, raw and compressed (gzip 9, brotli 11).
 * - prove: `cold` starts a worker and loads the keys, `warm` is the next proof of the same worker; witness and the
 *   rest of the proof as the progress tells them. Control: snarkjs's fullProve, which keeps its workers warm.
 * - verify: one proof or a batch, strict reading included, per proof. Control: snarkjs on the same proofs.
 * - attest: per CPU second. Control: circomlibjs, whose signatures are the same.
 * - registry: one append at a size. Control: the whole tree built from its leaves, once.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { curves } from 'snarkjs';
import { machine } from '../relay/procfs.js';
import { commit } from '../relay/results.js';
import { attesting } from './attest.js';
import { constraints } from './circuit.js';
import { sizes } from './downloads.js';
import { proving } from './prove.js';
import { appending } from './registry.js';
import { verifying } from './verify.js';

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    proofs: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '2' },
    appends: { type: 'string', default: '100' },
    attesters: { type: 'string', default: '10,1000,100000' },
  },
});
const facts = { method: 1, date: new Date().toISOString(), commit: commit(), machine: machine(), options };

const manifest = await loadManifest();
const [wasm, zkey, verificationKey] = await Promise.all([
  loadArtefact('wasm', manifest),
  loadArtefact('zkey', manifest),
  loadArtefact('verificationKey', manifest),
]);
const { proofs, figures } = await proving({ wasm, zkey }, Number(options.proofs));
const key: unknown = JSON.parse(new TextDecoder().decode(verificationKey));

const summary = {
  prove: figures,
  verify: await verifying(key, proofs, Number(options.rounds)),
  attestPerCpuSecond: await attesting(Number(options.seconds)),
  registry: await registry(),
  circuit: {
    name: manifest.circuit,
    ceremony: manifest.ceremony,
    constraints: constraints(manifest.circuit),
  },
  downloads: { wasm: sizes(wasm), zkey: sizes(zkey), verificationKey: sizes(verificationKey) },
};
// snarkjs keeps its workers, and with them this process.
await (await curves.getCurveFromName('bn128')).terminate();

for (const [part, table] of Object.entries(summary)) {
  console.log(part);
  console.table(table);
}
if (options.json !== undefined)
  writeFileSync(options.json, `${JSON.stringify({ ...facts, summary }, null, 1)}\n`);

async function registry() {
  const table: Record<string, Awaited<ReturnType<typeof appending>>> = {};
  for (const size of options.attesters.split(',').map(Number)) {
    table[size] = await appending(size, Number(options.appends));
  }
  return table;
}
