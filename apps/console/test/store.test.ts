/** The store of browsers under the contract of all stores, in a real one: its database, its locks, its crashes. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ChromiumBrowser, chromiumMissing, type Page, startChromium } from '@blindpost/testbed/chromium';
import fc from 'fast-check';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const CONTRACT = join(ROOT, 'packages/client/dist/stores/contract.fixture.js');
const SCALE = Number(process.env.TEST_SCALE ?? '1');

/** What the page offers to the test. Bytes are arrays on their way into it. */
const PROGRAM = `
  import { IndexedDbStore } from '@blindpost/client/stores/indexeddb';
  import { CONTRACT, walk } from ${JSON.stringify(CONTRACT)};

  const stage = { durable: true, open: (name) => IndexedDbStore.open(name) };
  const changed = ({ key, value }) => ({ key, value: value && Uint8Array.from(value) });
  let store;
  Object.assign(globalThis, {
    rules: Object.keys(CONTRACT),
    holds: (rule, name) => CONTRACT[rule](stage, name),
    walk: (name, steps) =>
      walk(stage, name, steps.map((step) => (step.commit ? { commit: step.commit.map(changed) } : step))),
    open: (name) => IndexedDbStore.open(name).then((opened) => void (store = opened), ({ code }) => code),
    close: () => store.close(),
    commit: (changes) => store.commit(changes.map(changed)),
    list: async (prefix) => (await store.list(prefix)).map(([key, value]) => [key, [...value]]),
    /** Commits one row after the other in both of two places, until the page is gone. */
    run: async () => {
      for (let n = 1; ; n++) {
        const value = new Uint8Array(65_536).fill(n % 251);
        new DataView(value.buffer).setUint32(0, n);
        await store.commit([{ key: 'a', value }, { key: 'b', value }]);
        document.title = String(n);
      }
    },
    torn: async () => {
      const [a, b] = [await store.get('a'), await store.get('b')];
      const n = new DataView(a.buffer).getUint32(0);
      return { n, same: a.every((byte, at) => byte === b[at] && (at < 4 || byte === n % 251)) };
    },
    ready: true,
  });
`;

const key = fc.string({ unit: fc.constantFrom('a', 'b', '/', 'é'), maxLength: 3 });
const value = fc.option(fc.uint8Array({ maxLength: 8 }).map((bytes) => [...bytes]));
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ commit: fc.array(fc.record({ key, value }), { maxLength: 5 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      list: key,
      options: fc.record({ after: key, limit: fc.nat(4), reverse: fc.boolean() }, { requiredKeys: [] }),
    }),
  },
  { weight: 1, arbitrary: fc.constant('again' as const) },
);

describe('the store of browsers', { skip: await chromiumMissing() }, () => {
  let folder: string;
  let site: Server;
  let origin: string;
  let chromium: ChromiumBrowser;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blindpost-store-'));
    await writeFile(join(folder, 'page.mjs'), PROGRAM);
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const input = join(folder, 'page.mjs');
    const output = { entryFileNames: 'page.js' };
    await build({
      root: folder,
      logLevel: 'warn',
      build: { outDir: 'site', target: 'es2023', rollupOptions: { input, output } },
    });
    const script = await readFile(join(folder, 'site/page.js'), 'utf8');
    const html = `<!doctype html><link rel="icon" href="data:,"><script type="module">${script}</script>`;
    site = createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end(html));
    await new Promise<void>((listening) => site.listen(0, '127.0.0.1', listening));
    const bound = site.address();
    assert.ok(typeof bound === 'object' && bound !== null);
    origin = `http://127.0.0.1:${bound.port}`;
    chromium = await start();
  });

  after(async () => {
    await chromium.stop();
    site.close();
    await rm(folder, { recursive: true, force: true });
  });

  const start = () => startChromium({ profile: join(folder, 'profile') });

  /** A tab of the profile that is kept; Playwright's own contexts are not. */
  async function tab(): Promise<Page> {
    const [context] = chromium.browser.contexts();
    assert.ok(context !== undefined);
    const page = await context.newPage();
    await page.goto(origin);
    await page.waitForFunction('globalThis.ready');
    return page;
  }

  const call = (page: Page, name: string, ...args: unknown[]): Promise<unknown> =>
    page.evaluate(`${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`);

  test('it keeps the contract of stores', async (t) => {
    const page = await tab();
    const rules: string[] = await page.evaluate('rules');
    assert.ok(rules.length > 0);
    for (const rule of rules) await t.test(rule, async () => void (await call(page, 'holds', rule, rule)));
    await page.close();
  });

  test('it behaves as a sorted map that is closed and opened', async () => {
    const page = await tab();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        run += 1;
        await call(page, 'walk', `walk${run}`, steps);
      }),
      { numRuns: Math.max(20, 100 * SCALE) },
    );
    await page.close();
  });

  test('of two tabs one has it, and the other when the first has closed it, or is gone', async () => {
    const [one, two] = [await tab(), await tab()];
    assert.equal(await call(one, 'open', 'tabs'), undefined);
    assert.equal(await call(two, 'open', 'tabs'), 'store_locked');
    await call(one, 'commit', [{ key: 'a', value: [1] }]);
    await call(one, 'close');
    assert.equal(await call(two, 'open', 'tabs'), undefined);
    assert.deepEqual(await call(two, 'list', ''), [['a', [1]]]);
    await call(two, 'commit', [{ key: 'a', value: [2] }]);
    assert.equal(await call(one, 'open', 'tabs'), 'store_locked');
    await two.close();
    // The browser gives the lock back in its own time.
    while ((await call(one, 'open', 'tabs')) === 'store_locked');
    assert.deepEqual(await call(one, 'list', ''), [['a', [2]]]);
    await one.close();
  });

  test('a reload in the middle of commits leaves whole ones, and none that was told is lost', async () => {
    const page = await tab();
    let before = 0;
    for (let round = 0; round < Math.max(2, 10 * SCALE); round++) {
      assert.equal(await call(page, 'open', 'reload'), undefined);
      if (round > 0) before = await whole(page, before);
      void call(page, 'run').catch(() => {});
      await page.waitForFunction('Number(document.title) > 2');
      before = Number(await page.title());
      await page.reload();
      await page.waitForFunction('globalThis.ready');
    }
    await page.close();
  });

  test('a browser that is killed in the middle of commits leaves whole ones, and none that was told is lost', async () => {
    for (let round = 0; round < Math.max(2, 5 * SCALE); round++) {
      const page = await tab();
      assert.equal(await call(page, 'open', 'killed'), undefined);
      if (round > 0) await whole(page, 3);
      void call(page, 'run').catch(() => {});
      await page.waitForFunction('Number(document.title) > 2');
      const told = Number(await page.title());
      await chromium.kill();
      chromium = await start();
      const again = await tab();
      assert.equal(await call(again, 'open', 'killed'), undefined);
      await whole(again, told);
      await again.close();
    }
  });

  async function whole(page: Page, atLeast: number): Promise<number> {
    const { n, same }: { n: number; same: boolean } = await page.evaluate('torn()');
    assert.ok(same);
    assert.ok(n >= atLeast, `${n} of ${atLeast}`);
    return n;
  }
});
