/**
 * `npm run circuit -w @blindpost/zk`: compiles the circuit of entity types and refreshes its witness program in
 * `artefacts`. Ends with 1 when the constraints are no longer those that the keys there were made for.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';
import { describe, writeManifest } from './manifest.mjs';

const artefacts = fileURLToPath(new URL('../artefacts', import.meta.url));
const { circuit, ceremony, r1cs, files } = JSON.parse(readFileSync(join(artefacts, 'manifest.json'), 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'blindpost-circuit-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

console.log(compile(fileURLToPath(new URL(`../circuits/${circuit}.circom`, import.meta.url)), folder));
const compiled = describe(folder, `${circuit}.r1cs`);
if (compiled.sha256 !== r1cs.sha256) {
  console.error(`${circuit} has other constraints now, and needs other keys: npm run ceremony`);
  process.exit(1);
}
copyFileSync(join(folder, `${circuit}.wasm`), join(artefacts, `${circuit}.wasm`));
writeManifest(artefacts, { circuit, ceremony, key: files.zkey.name, r1cs });
