import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { loadArtefact, loadManifest } from '../artefacts/node.js';
import { prove } from '../prover/index.js';
import { verifies } from '../prover/verifies.fixture.js';

const script = fileURLToPath(new URL('../../scripts/ceremony.mjs', import.meta.url));
const root = await mkdtemp(join(tmpdir(), 'blindpost-ceremony-'));
after(() => rm(root, { recursive: true }));

/** Proves the knowledge of a cube root: small enough to hold a ceremony for. */
const circuit = join(root, 'cube.circom');
await writeFile(
  circuit,
  `pragma circom 2.1.6;
template Cube() {
  signal input root;
  signal output cube;
  signal square <== root * root;
  cube <== square * root;
}
component main = Cube();
`,
);

const ceremony = (...args: string[]) =>
  promisify(execFile)(process.execPath, [script, '--circuit', circuit, ...args]);
const transcriptOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'transcript.json'), 'utf8'));

/** Proves with the keys in a folder and verifies with them. */
async function work(folder: string): Promise<boolean> {
  const at = pathToFileURL(`${folder}/`);
  const manifest = await loadManifest(at);
  const [wasm, zkey, key] = await Promise.all([
    loadArtefact('wasm', manifest, at),
    loadArtefact('zkey', manifest, at),
    loadArtefact('verificationKey', manifest, at),
  ]);
  const { proof, publicSignals } = await prove({ root: 3n }, { wasm, zkey });
  assert.deepEqual(publicSignals, ['27']);
  return verifies(JSON.parse(new TextDecoder().decode(key)), publicSignals, proof);
}

test('from nothing, one command makes keys that work, with a transcript that says how', async () => {
  const folder = join(root, 'all');
  await ceremony('--folder', folder, '--contributions', '2', '--power', '4');
  assert.equal(await work(folder), true);
  const transcript = await transcriptOf(folder);
  assert.equal(transcript.ceremony, 'development');
  assert.equal(transcript.verified, true);
  assert.equal(transcript.beacon.made, 'drawn by this machine');
  assert.equal(transcript.contributions.length, 2);
  assert.notEqual(transcript.contributions[0].hash, transcript.contributions[1].hash);
  assert.equal((await loadManifest(pathToFileURL(`${folder}/`))).ceremony, 'development');
});

test('step by step, on a phase 1 that is given, by people who are named', async () => {
  const folder = join(root, 'steps');
  const beacon = 'c0'.repeat(32);
  await ceremony('--folder', folder, '--step', 'begin', '--ptau', join(root, 'all', 'phase1.ptau'));
  await ceremony('--folder', folder, '--step', 'contribute', '--name', 'Ada');
  await ceremony('--folder', folder, '--step', 'contribute', '--name', 'Grace');
  await ceremony('--folder', folder, '--step', 'finish', '--beacon', beacon, '--public');
  assert.equal(await work(folder), true);
  const transcript = await transcriptOf(folder);
  assert.equal(transcript.ceremony, 'public');
  assert.deepEqual(
    transcript.contributions.map(({ name }: { name: string }) => name),
    ['Ada', 'Grace'],
  );
  assert.equal(transcript.beacon.value, beacon);
});

test('a phase 1 that is too small or damaged is refused', async () => {
  const phase1 = await readFile(join(root, 'all', 'phase1.ptau'));
  const damaged = Buffer.from(phase1);
  // A point of the first section that holds any.
  damaged[400] = (damaged[400] ?? 0) ^ 1;
  await writeFile(join(root, 'damaged.ptau'), damaged);
  await assert.rejects(
    ceremony('--folder', join(root, 'damaged'), '--step', 'begin', '--ptau', join(root, 'damaged.ptau')),
  );
  const small = ceremony('--folder', join(root, 'small'), '--step', 'begin', '--power', '1');
  await assert.rejects(small, /does not fit/);
});

test('what cannot be done is refused before anything is written', async () => {
  const cases: [RegExp, ...string[]][] = [
    [/--folder is missing/],
    [/is not empty/, '--folder', root],
    [/--step is one of/, '--folder', join(root, 'x'), '--step', 'end'],
    [/no ceremony has begun/, '--folder', join(root, 'x'), '--step', 'finish'],
    [/--name says/, '--folder', join(root, 'x'), '--step', 'contribute'],
    [/--power is 1 to 28/, '--folder', join(root, 'x'), '--power', '29'],
    [/--contributions is 1 to 99/, '--folder', join(root, 'x'), '--contributions', '0'],
    [/--beacon is 64/, '--folder', join(root, 'x'), '--beacon', 'soon'],
    [/--public needs a public --beacon/, '--folder', join(root, 'x'), '--step', 'finish', '--public'],
  ];
  for (const [complaint, ...args] of cases) await assert.rejects(ceremony(...args), complaint);
});
