import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { ARTEFACTS_FOLDER } from './folder.js';
import { ARTEFACT_NAMES, circuitHash, matches, readManifest } from './index.js';
import { loadArtefact, loadManifest } from './node.js';

const manifest = await loadManifest();

test('the artefacts are what the manifest says, and say that they come from a development ceremony', async () => {
  for (const name of ARTEFACT_NAMES) {
    const bytes = await loadArtefact(name, manifest);
    assert.equal(bytes.length, manifest.files[name].bytes);
  }
  assert.equal(manifest.ceremony, 'development');
  assert.match(manifest.note, /development/);
  const transcript = JSON.parse(await readFile(new URL('transcript.json', ARTEFACTS_FOLDER), 'utf8'));
  assert.equal(transcript.ceremony, 'development');
  assert.ok(transcript.contributions.length > 1);
});

test('the hash of the circuit is that of the ceremony, in four groups', async () => {
  const zkey = await loadArtefact('zkey', manifest);
  const transcript = JSON.parse(await readFile(new URL('transcript.json', ARTEFACTS_FOLDER), 'utf8'));
  const hash = circuitHash(zkey);
  assert.match(hash ?? '', /^[0-9a-f]{8}( [0-9a-f]{8}){3}$/);
  assert.equal(hash?.replaceAll(' ', ''), transcript.circuitHash.slice(0, 32));
  assert.equal(circuitHash(zkey.subarray(0, zkey.length - 1)), undefined);
  assert.equal(circuitHash(new Uint8Array()), undefined);
});

test('one changed byte, one more or one less is not the file', async () => {
  const file = manifest.files.verificationKey;
  const bytes = await loadArtefact('verificationKey', manifest);
  assert.equal(matches(file, bytes), true);
  const changed = bytes.with(17, (bytes[17] ?? 0) ^ 1);
  for (const other of [changed, bytes.subarray(1), new Uint8Array([...bytes, 10]), new Uint8Array()])
    assert.equal(matches(file, other), false);
});

test('a folder whose files are not those of its manifest is refused', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blindpost-artefacts-'));
  try {
    const at = pathToFileURL(`${folder}/`);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify({ ...manifest, ceremony: 'holy' }));
    await assert.rejects(loadManifest(at), /is no manifest/);
    await writeFile(join(folder, 'manifest.json'), JSON.stringify(manifest));
    assert.deepEqual(await loadManifest(at), manifest);
    await writeFile(join(folder, manifest.files.verificationKey.name), '{}');
    await assert.rejects(loadArtefact('verificationKey', manifest, at), /is not what its manifest says/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('what is no manifest is not read as one', () => {
  assert.deepEqual(readManifest(JSON.parse(JSON.stringify(manifest))), manifest);
  const { wasm } = manifest.files;
  const bad = [
    { ...wasm, name: '../secret.wasm' },
    { ...wasm, name: 'https://example.org/x.wasm' },
    { ...wasm, name: 7 },
    { ...wasm, bytes: -1 },
    { ...wasm, bytes: 1.5 },
    { ...wasm, bytes: '1' },
    { ...wasm, sha256: wasm.sha256.toUpperCase() },
    { ...wasm, sha256: `${wasm.sha256}00` },
    null,
  ];
  for (const each of bad)
    assert.equal(readManifest({ ...manifest, files: { ...manifest.files, wasm: each } }), undefined);
  const whole = [null, 'x', [], {}, { ...manifest, note: 1 }, { ...manifest, circuit: null }];
  for (const each of whole) assert.equal(readManifest(each), undefined);
});
