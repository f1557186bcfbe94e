import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const committed = fileURLToPath(new URL('../../kernels/', import.meta.url));
const script = fileURLToPath(new URL('../../scripts/kernels.mjs', import.meta.url));
const rebuilt = await mkdtemp(join(tmpdir(), 'blindpost-kernels-'));
after(() => rm(rebuilt, { recursive: true }));

test('the committed kernels are exactly what their sources give', async () => {
  execFileSync(process.execPath, [script], { env: { ...process.env, KERNELS_DIR: rebuilt } });
  const names = (await readdir(committed)).sort();
  assert.deepEqual((await readdir(rebuilt)).sort(), names);
  for (const name of names) {
    const [ours, theirs] = await Promise.all([
      readFile(join(rebuilt, name)),
      readFile(join(committed, name)),
    ]);
    assert.ok(ours.equals(theirs), `${name} differs: npm run kernels -w packages/pow`);
  }
});

test('SHA256SUMS names every kernel with its digest', async () => {
  const kernels = (await readdir(committed)).filter((name) => name.endsWith('.wasm')).sort();
  const lines = await Promise.all(
    kernels.map(async (name) => {
      const digest = createHash('sha256')
        .update(await readFile(join(committed, name)))
        .digest('hex');
      return `${digest}  ${name}\n`;
    }),
  );
  assert.equal(await readFile(join(committed, 'SHA256SUMS'), 'utf8'), lines.join(''));
});
