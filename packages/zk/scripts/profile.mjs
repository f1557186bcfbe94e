/**
 * `npm run profile -w @blindpost/zk`: where the time of a proof goes, in milliseconds of processor time by part, the
 * median of several proofs; with `-- one` on a single thread. Needs a build.
 */
import * as snarkjs from 'snarkjs';
import { loadArtefact, loadManifest } from '../dist/artefacts/node.js';
import { inputsOf, randomStatement } from '../dist/circuit/statement.fixture.js';

const PROOFS = 9;
const curve = await snarkjs.curves.getCurveFromName('bn128', { singleThread: process.argv[2] === 'one' });
// Where snarkjs looks for a curve before it makes one.
Object.assign(globalThis, { curve_bn128: curve });

/** The parts, by what snarkjs calls for each. */
const PARTS = [
  ['multi-exponentiations in G1', curve.G1, ['multiExpAffine']],
  ['multi-exponentiation in G2', curve.G2, ['multiExpAffine']],
  ['Fourier transforms', curve.Fr, ['fft', 'ifft', 'batchApplyKey']],
];
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

let spent = new Map();
function timed(part, call) {
  return async (...args) => {
    const start = clock();
    const result = await call(...args);
    spent.set(part, (spent.get(part) ?? 0) + clock() - start);
    return result;
  };
}
for (const [part, group, names] of PARTS) {
  for (const name of names) group[name] = timed(part, group[name].bind(group));
}

const manifest = await loadManifest();
const [wasm, zkey] = await Promise.all([loadArtefact('wasm', manifest), loadArtefact('zkey', manifest)]);
const calculate = timed('witness', (inputs, witness) =>
  snarkjs.wtns.calculate(inputs, wasm, witness, { memorySize: 1 }),
);

async function proof() {
  spent = new Map();
  const inputs = Object.entries(inputsOf(randomStatement()));
  const witness = { type: 'mem' };
  const [start, wall] = [clock(), performance.now()];
  await calculate(
    Object.fromEntries(inputs.map(([name, value]) => [name, [value].flat().map(String)])),
    witness,
  );
  await snarkjs.groth16.prove(zkey, witness);
  const all = clock() - start;
  const known = [...spent.values()].reduce((sum, part) => sum + part, 0);
  return new Map([
    ...spent,
    ['the rest', all - known],
    ['all', all],
    ['all, by the clock', performance.now() - wall],
  ]);
}

// The first ones warm up.
for (let n = 0; n < 2; n++) await proof();
const proofs = [];
for (let n = 0; n < PROOFS; n++) proofs.push(await proof());
await curve.terminate();

const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const medians = new Map(
  [...proofs[0].keys()].map((part) => [part, median(proofs.map((each) => each.get(part)))]),
);
for (const [part, ms] of medians) {
  const share = `${Math.round((100 * ms) / medians.get('all'))} %`;
  console.log(part.padEnd(30), ms.toFixed(0).padStart(6), share.padStart(6));
}
