/** The README and the first steps are run as they are written; only address, place and the pasted hash differ. */
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { skipWithout } from '@blindpost/testbed/process.program';
import { startServer, type TestServer } from '@blindpost/testbed/server';

const ROOT = fileURLToPath(new URL('../../../../..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const STEPS = readFileSync(join(ROOT, 'docs/first-steps.md'), 'utf8');
const OPERATING = readFileSync(join(ROOT, 'docs/operating.md'), 'utf8');
const ADDRESS = 'http://127.0.0.1:8080';
const run = promisify(execFile);

/** Fenced blocks; what stands behind the language names the file, or the place, a block belongs to. */
const blocks = [...[README, STEPS, OPERATING].join('\n').matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```/gm)].map(
  ([, language = '', label = '', text = '']) => ({ language, label, text: text.trim() }),
);
const scripts = blocks.filter(({ language }) => language === 'js');
const shell = blocks
  .filter(({ language, label }) => language === 'sh' && label === '')
  .map(({ text }) => text);

describe('the README and the first steps', () => {
  test('have no block that nothing here runs', () => {
    const [start, suite, quickstart, health, receive, send, hello, letter, mine, money, program, ...others] =
      shell;
    assert.deepEqual([start, suite, quickstart], ['npm start', 'npm test', 'node quickstart.mjs']);
    assert.match(health ?? '', /^curl -s .*\/health$/);
    assert.match(send ?? '', /\/relay /);
    assert.deepEqual(
      [receive, hello, letter, program],
      ['node receive.mjs', 'node hello.mjs', 'node letter.mjs', 'node mine.mjs'],
    );
    assert.equal(mine, 'npx --no blindpost mine');
    assert.match(money ?? '', /pool redeem/);
    assert.deepEqual(others, []);
    assert.deepEqual(
      blocks.filter(({ text }) => !shell.includes(text)).map(({ label }) => label),
      ['quickstart.mjs', 'solve.mjs', 'receive.mjs', 'hello.mjs', 'letter.mjs', 'mine.mjs', 'compose'],
    );
  });

  test('every setting is listed with the default and the meaning that the server prints', async () => {
    const command = join(ROOT, 'apps/cli/bin/blindpost.js');
    const { stdout } = await run(process.execPath, [command, 'serve', '--print-config'], { env: {} });
    const printed = stdout.trim().split('\n');
    const listed = [...OPERATING.matchAll(/^\| `([A-Z0-9_]+)` \|(?: `(.*)`)? \| (.*) \|$/gm)].map(
      ([, name, value = '', meaning]) => `${name}=${value}  # ${meaning}`,
    );
    assert.deepEqual(listed, printed);
  });
});

test('the documents point at files that are there', () => {
  const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const documents = ['README.md', 'ARCHITECTURE.md', 'SECURITY.md', ...pages.map((name) => `docs/${name}`)];
  for (const document of documents) {
    const text = readFileSync(join(ROOT, document), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)];
    const paths = [...text.matchAll(/`((?:apps|packages|scripts|docs|bench)\/[\w./-]+)`/g)];
    if (!/SECURITY|docs/.test(document)) assert.ok(links.length + paths.length > 0, document);
    for (const [, target = ''] of links) {
      assert.ok(existsSync(join(ROOT, dirname(document), target)), `${document}: ${target}`);
    }
    for (const [, target = ''] of paths) assert.ok(existsSync(join(ROOT, target)), `${document}: ${target}`);
  }
});

describe('the README and the first steps, step by step', {
  skip: await skipWithout({ command: 'curl', debianPackage: 'curl' }),
}, () => {
  let server: TestServer;
  let folder: string;

  before(async () => {
    server = await startServer({ services: ['relay', 'pool', 'e2ee', 'identity'] });
    folder = await mkdtemp(join(tmpdir(), 'blindpost-readme-'));
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    for (const { label, text } of scripts) await writeFile(join(folder, label), here(text));
  });

  after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('the quickstart writes, mines and proves', async () => {
    const printed = await bash(written('node quickstart.mjs'));
    assert.match(printed, /^Ben reads: hello, Ben\nwon a round of [A-Z0-9_]+\nproven: AI\.CA\n$/);
  });

  test('the server says that it is well', async () => {
    const health = JSON.parse(await bash(written('/health')));
    assert.equal(health.status, 'ok');
  });

  test('a first message arrives while the recipient listens, and waits when it does not', async () => {
    const receiver = spawn('node', ['receive.mjs'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface(receiver.stdout)[Symbol.asyncIterator]();
    const hash = /^I am ([0-9a-f]{64})$/.exec((await lines.next()).value)?.[1] ?? '';
    const send = written('/relay ').replace('the-hash-that-receive.mjs-printed', hash);

    assert.equal(JSON.parse(await bash(send)).status, 'delivered');
    assert.equal((await lines.next()).value, 'hello');

    receiver.kill();
    await once(receiver, 'exit');
    // The server learns of the closed socket a moment later.
    let status = '';
    for (let tries = 0; tries < 20 && status !== 'queued'; tries += 1) {
      status = JSON.parse(await bash(send)).status;
    }
    assert.equal(status, 'queued');
  });

  test('a program speaks through the SDK', async () => {
    assert.equal(await bash(written('node hello.mjs')), "delivered\n{ text: 'hello, Bob' }\n");
  });

  test('an envelope is stored, read and acknowledged through the SDK, by a program of 25 lines', async () => {
    const printed = await bash(written('node letter.mjs'));
    assert.equal(printed, 'on disk as number 1\nencrypt me first\nacknowledged 1\n');
    const lines = scripts.find(({ label }) => label === 'letter.mjs')?.text.split('\n') ?? [];
    assert.ok(lines.length <= 25);
  });

  test('a miner at the terminal wins, and its balance becomes a code', async () => {
    const miner = spawn('bash', ['-c', `exec ${here(written('blindpost mine'))} --url ${server.url}`], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: home(),
      detached: true,
    });
    for await (const line of createInterface(miner.stdout)) {
      if (/[1-9][0-9]* wins?\b/.test(line)) break;
    }
    // As a terminal does: Ctrl-C reaches the whole group.
    process.kill(-(miner.pid ?? 0), 'SIGINT');
    await once(miner, 'exit');

    const money = written('pool redeem').replaceAll(
      /pool \w+/g,
      (command) => `${command} --url ${server.url}`,
    );
    const printed = await bash(money);
    const code = /^code ([0-9a-f]{32})$/m.exec(printed)?.[1];
    assert.match(printed, /^pending [1-9][0-9]*$/m);
    assert.match(printed, new RegExp(`delivered  ${code}$`, 'm'));
  });

  test('a program mines through the SDK', async () => {
    assert.match(await bash(written('node mine.mjs')), /^[1-9][0-9]* in [0-9a-f]{32}\n$/);
  });

  /** Where the miner's token is kept. */
  function home(): NodeJS.ProcessEnv {
    return { ...process.env, XDG_DATA_HOME: folder };
  }

  async function bash(text: string): Promise<string> {
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here(text)], {
      cwd: folder,
      env: home(),
    });
    return stdout;
  }

  function here(text: string): string {
    return text.replaceAll(ADDRESS, server.url);
  }
});

/** The one shell block with this in it. */
function written(part: string): string {
  const found = shell.filter((text) => text.includes(part));
  assert.equal(found.length, 1, part);
  return found[0] ?? '';
}
