/**
 * Makes working keys for a circuit out of nothing: `npm run ceremony -- --folder DIR [options]`.
 *
 *   --folder DIR            everything is written here; new or empty when the ceremony begins
 *   --step STEP             begin, contribute or finish; without it all three, on this machine
 *   --circuit FILE          default: the circuit of entity types
 *   --ptau FILE             a public powers-of-tau file, prepared for phase 2; without it one is made here
 *   --power N               size of one made here, 2^N constraints; default: the smallest that fits the circuit
 *   --name NAME             whom the transcript names for `--step contribute`
 *   --contributions N       how many when all steps run here (default 3)
 *   --beacon HEX            32 bytes that nobody could know when the last contribution was made
 *   --public                says that the contributors were independent, and phase 1 and beacon public; without it
 *                           the keys are marked as those of a development ceremony
 *
 * Whoever knows the randomness of *all* contributions, or of phase 1, can prove anything. For real keys, `contribute`
 * runs on machines of people who do not know each other, each handing the folder on to the next.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as snarkjs from 'snarkjs';
import { compile } from './compile.mjs';
import { describe, writeManifest } from './manifest.mjs';

/** 2^10 hashes over the beacon: too few to delay anybody, as the beacon must be unforeseeable by itself. */
const BEACON_ITERATIONS_EXPONENT = 10;
const STEPS = ['begin', 'contribute', 'finish'];

const { values: options } = parseArgs({
  options: {
    folder: { type: 'string' },
    step: { type: 'string' },
    circuit: {
      type: 'string',
      default: fileURLToPath(new URL('../circuits/entity_type_proof.circom', import.meta.url)),
    },
    ptau: { type: 'string' },
    power: { type: 'string' },
    name: { type: 'string' },
    contributions: { type: 'string', default: '3' },
    beacon: { type: 'string' },
    public: { type: 'boolean', default: false },
  },
});
const fault = findFault(options);
if (fault !== undefined) {
  console.error(`ceremony: ${fault}`);
  process.exit(2);
}
const { folder } = options;
const path = (file) => join(folder, file);
const began = performance.now();

if (options.step === undefined) {
  await begin();
  for (let n = 1; n <= Number(options.contributions); n++) await contribute(`contribution ${n}`);
  await finish();
} else if (options.step === 'begin') await begin();
else if (options.step === 'contribute') await contribute(options.name);
else await finish();
await (await snarkjs.curves.getCurveFromName('bn128')).terminate();

function findFault({ folder, step, ptau, power, name, contributions, beacon, ...rest }) {
  if (folder === undefined) return '--folder is missing';
  if (step !== undefined && !STEPS.includes(step)) return `--step is one of ${STEPS.join(', ')}`;
  if (step === 'contribute' && !name) return '--name says whose contribution this is';
  if (ptau !== undefined && power !== undefined) return '--power is given by the file of --ptau';
  if (power !== undefined && !/^([1-9]|1\d|2[0-8])$/.test(power)) return '--power is 1 to 28';
  if (!/^[1-9]\d?$/.test(contributions)) return '--contributions is 1 to 99';
  if (beacon !== undefined && !/^[0-9a-f]{64}$/i.test(beacon)) return '--beacon is 64 hexadecimal digits';
  if (rest.public && step !== 'finish') return '--public belongs to --step finish';
  if (rest.public && beacon === undefined) return '--public needs a public --beacon';
  return undefined;
}

/** Compiles, makes or takes phase 1, and makes the first key, which anybody who knows phase 1 can make as well. */
async function begin() {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length > 0) stop(`${folder} is not empty`);
  say('compiling the circuit');
  compile(options.circuit, folder);
  const name = basename(options.circuit, '.circom');
  const { nConstraints, nOutputs, nPubInputs } = await snarkjs.r1cs.info(path(`${name}.r1cs`));

  if (options.ptau === undefined) {
    const smallest = Math.max(1, Math.ceil(Math.log2(nConstraints + nOutputs + nPubInputs + 1)));
    await makePhase1(Number(options.power ?? smallest));
  } else {
    say('verifying phase 1');
    if (!(await snarkjs.powersOfTau.verify(options.ptau))) stop('phase 1 does not verify');
    copyFileSync(options.ptau, path('phase1.ptau'));
  }

  say('making the first key');
  // Where it does not fit, the answer is -1.
  const hash = await snarkjs.zKey.newZKey(path(`${name}.r1cs`), path('phase1.ptau'), path('key-0.zkey'));
  if (!(hash instanceof Uint8Array)) stop('phase 1 does not fit the circuit');
  writeTranscript({
    circuit: name,
    constraints: nConstraints,
    circuitHash: hex(hash),
    phase1: {
      source: options.ptau === undefined ? 'made for this ceremony' : basename(options.ptau),
      sha256: createHash('sha256')
        .update(readFileSync(path('phase1.ptau')))
        .digest('hex'),
    },
    contributions: [],
  });
}

async function makePhase1(power) {
  say(`making phase 1 for 2^${power} constraints`);
  const curve = await snarkjs.curves.getCurveFromName('bn128');
  const { newAccumulator, contribute, beacon, preparePhase2 } = snarkjs.powersOfTau;
  const step = (n) => path(`phase1-${n}.ptau`);
  await newAccumulator(curve, power, step(0));
  await contribute(step(0), step(1), 'contribution 1', entropy());
  await contribute(step(1), step(2), 'contribution 2', entropy());
  await beacon(step(2), step(3), 'beacon', entropy().slice(0, 64), BEACON_ITERATIONS_EXPONENT);
  await preparePhase2(step(3), path('phase1.ptau'));
  for (const n of [0, 1, 2, 3]) rmSync(step(n));
}

/** Mixes randomness of this machine into the newest key, and forgets it. */
async function contribute(name) {
  const transcript = readTranscript();
  const n = transcript.contributions.length;
  say(name);
  const hash = await snarkjs.zKey.contribute(
    path(`key-${n}.zkey`),
    path(`key-${n + 1}.zkey`),
    name,
    entropy(),
  );
  transcript.contributions.push({ name, hash: hex(hash) });
  writeTranscript(transcript);
}

/** Closes the key by the beacon, verifies it from the circuit on, and writes what is to be published. */
async function finish() {
  const transcript = readTranscript();
  const { circuit, contributions } = transcript;
  if (contributions.length === 0) stop('nobody has contributed');
  const beacon = options.beacon?.toLowerCase() ?? entropy().slice(0, 64);
  const key = `${circuit.replace(/_proof$/, '')}_final.zkey`;

  say('beacon');
  const newest = path(`key-${contributions.length}.zkey`);
  const hash = await snarkjs.zKey.beacon(newest, path(key), 'beacon', beacon, BEACON_ITERATIONS_EXPONENT);
  say('verifying the key');
  if (!(await snarkjs.zKey.verifyFromR1cs(path(`${circuit}.r1cs`), path('phase1.ptau'), path(key))))
    stop('the key does not verify');
  const verificationKey = await snarkjs.zKey.exportVerificationKey(path(key));
  writeFileSync(path('verification_key.json'), `${JSON.stringify(verificationKey, null, 1)}\n`);

  const made = options.beacon === undefined ? 'drawn by this machine' : 'given';
  const ceremony =
    options.public && transcript.phase1.source !== 'made for this ceremony' ? 'public' : 'development';
  writeTranscript({
    ceremony,
    ...transcript,
    beacon: { value: beacon, iterations: 2 ** BEACON_ITERATIONS_EXPONENT, made, hash: hex(hash) },
    verified: true,
  });
  writeManifest(folder, { circuit, ceremony, key, r1cs: describe(folder, `${circuit}.r1cs`) });
  say(`done: the keys of a ${ceremony} ceremony`);
}

function readTranscript() {
  if (!existsSync(path('transcript.json'))) stop(`no ceremony has begun in ${folder}`);
  return JSON.parse(readFileSync(path('transcript.json'), 'utf8'));
}

function writeTranscript(transcript) {
  writeFileSync(path('transcript.json'), `${JSON.stringify(transcript, null, 2)}\n`);
}

/** Enough to be mixed with what snarkjs draws by itself. */
function entropy() {
  return randomBytes(64).toString('hex');
}

function hex(bytes) {
  return Buffer.from(bytes).toString('hex');
}

function say(what) {
  console.log(`${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${what}`);
}

function stop(why) {
  console.error(`ceremony: ${why}`);
  process.exit(1);
}
