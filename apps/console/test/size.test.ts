/** What a page makes its visitors load. Sizes are no timing: the same build has the same ones everywhere. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';

const CONSOLE = new URL('../../', import.meta.url);
const SITE = new URL('site/', CONSOLE);

/** Vite's manifest: what each source became, and what that needs at once (`imports`) or later. */
interface Chunk {
  file: string;
  isEntry?: boolean;
  imports?: string[];
  css?: string[];
}
type Manifest = Record<string, Chunk>;
/** Kilobytes (1,000 bytes) after gzip that each page may take with all that it loads before it is seen. */
type Budget = Record<string, number>;

const manifest: Manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', SITE), 'utf8'));
const budget: Budget = JSON.parse(readFileSync(new URL('budget.json', CONSOLE), 'utf8'));

/** Every file that is there when these sources are. */
function filesOf(sources: readonly string[], seen = new Set<string>()): Set<string> {
  const files = new Set<string>();
  for (const source of sources) {
    if (seen.has(source)) continue;
    seen.add(source);
    const chunk = manifest[source];
    assert.ok(chunk !== undefined, `${source} is not in the build`);
    for (const file of [chunk.file, ...(chunk.css ?? []), ...filesOf(chunk.imports ?? [], seen)])
      files.add(file);
  }
  return files;
}

function gzipped(files: Iterable<string>): number {
  return [...files].reduce(
    (sum, file) => sum + gzipSync(readFileSync(new URL(file, SITE)), { level: 9 }).length,
    0,
  );
}

for (const [page, kilobytes] of Object.entries(budget)) {
  test(`${page} is there after ${kilobytes} kB`, (t) => {
    const shell = filesOf(['index.html']);
    const loaded = page === 'shell' ? shell : filesOf(['index.html', `src/pages/${page}/index.tsx`]);
    const bytes = gzipped(['index.html', ...loaded]);
    t.diagnostic(`${page}: ${bytes} bytes after gzip, ${[...loaded].join(' ')}`);
    assert.ok(bytes <= kilobytes * 1000, `${page} takes ${bytes} bytes`);
  });
}

test('every page has a budget', () => {
  const pages = Object.keys(manifest).flatMap(
    (source) => /^src\/pages\/(\w+)\/index\.tsx$/.exec(source)?.[1] ?? [],
  );
  assert.ok(pages.length > 0);
  assert.deepEqual(Object.keys(budget).sort(), [...pages, 'shell'].sort());
});
