/** Mining and its fruits, by the command alone, against a real server. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { type Ended, type Running, run, start } from './command.js';

let server: TestServer;
let folder: string;
/** Where the token is made on first use. */
let tokenFile: string;
let token: string;
const miners: Running[] = [];

before(async () => {
  server = await startServer({ services: ['pool'] });
  folder = await mkdtemp(join(tmpdir(), 'blindpost-cli-'));
  tokenFile = join(folder, 'data', 'blindpost', 'miner-token');
});
after(async () => {
  for (const miner of miners) miner.interrupt();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Mines until there is a win, then interrupts. */
async function mine(...args: string[]): Promise<Ended> {
  const miner = start(['mine', '--url', server.url, '--threads', '1', ...args], {
    XDG_DATA_HOME: join(folder, 'data'),
  });
  miners.push(miner);
  let ended = false;
  miner.ended.finally(() => {
    ended = true;
  });
  while (!ended && !/[1-9][0-9]* wins?\b/.test(miner.stdout)) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  miner.interrupt();
  return miner.ended;
}

function pool(...args: string[]): Promise<Ended> {
  return run(['pool', ...args, '--url', server.url, '--token-file', tokenFile]);
}

/** What a command prints behind a word at the beginning of a line. */
function told({ stdout, stderr }: Ended, word: string): string {
  const found = new RegExp(`^${word} (.*)$`, 'm').exec(stdout)?.[1];
  assert.ok(found !== undefined, `${word}\n${stdout}\n${stderr}`);
  return found;
}

function refused({ code, stdout, stderr }: Ended, text: RegExp): void {
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /^blindpost: [^\n]+\n$/, 'one line');
  assert.match(stderr, text);
}

test('a miner wins by itself, makes its token on first use, and Ctrl-C ends it in order', async () => {
  const { code, stdout, stderr } = await mine();
  assert.equal(code, 0, stderr);
  token = (await readFile(tokenFile, 'utf8')).trim();
  assert.match(token, /^bp_[A-Za-z0-9_-]{43}$/);
  assert.equal((await stat(tokenFile)).mode & 0o777, 0o600);
  assert.ok(stdout.includes(tokenFile), 'the path is printed');
  assert.ok(!stdout.includes(token) && !stderr.includes(token), 'the token is not');
});

test('the second time the token is the same', async () => {
  await mine('--throttle', '50');
  assert.equal((await readFile(tokenFile, 'utf8')).trim(), token);
});

test('the balance is redeemed and withdrawn, and the history tells', async () => {
  const before = Number(told(await pool('balance'), 'pending'));
  assert.ok(before > 10);
  const code = told(await pool('redeem', String(before - 10)), 'code');
  assert.match(code, /^[0-9a-f]{32}$/);
  assert.match(told(await pool('withdraw', '4', 'somewhere'), 'request'), /./);
  const after = await pool('balance');
  assert.equal(told(after, 'pending'), '6');
  assert.equal(told(after, 'withdrawn'), String(before - 6));
  const { stdout } = await pool('history');
  assert.equal(stdout.trim().split('\n').length, 1);
  assert.ok(stdout.includes(`  ${before - 10}  `) && stdout.includes(code));
});

test('without an amount everything is redeemed', async () => {
  assert.equal(told(await pool('redeem'), 'amount'), '6');
  assert.equal(told(await pool('balance'), 'pending'), '0');
});

test('a refusal is one line on stderr and exit code 1', async () => {
  refused(await pool('withdraw', '1', 'somewhere'), /insufficient_balance/);
  refused(await pool('redeem', '2'), /insufficient_balance/);
  refused(
    await run(['pool', 'balance', '--url', 'http://127.0.0.1:1', '--token-file', tokenFile]),
    /unreachable/,
  );
  refused(await run(['pool', 'balance', '--url', 'nonsense', '--token-file', tokenFile]), /URL/);
});

test('a token file that is not there or holds something else is not a new miner', async () => {
  const file = join(folder, 'other');
  const args = ['--url', server.url, '--token-file', file];
  refused(await run(['pool', 'balance', ...args]), /no token in /);
  await writeFile(file, 'bp_short');
  refused(await run(['pool', 'balance', ...args]), /holds no token/);
  refused(await run(['mine', ...args]), /holds no token/);
  assert.equal(await readFile(file, 'utf8'), 'bp_short');
});

test('two first uses at the same moment agree on one token', async () => {
  const file = join(folder, 'race', 'miner-token');
  const racers = await Promise.all([mine('--token-file', file), mine('--token-file', file)]);
  for (const { code, stderr } of racers) assert.equal(code, 0, stderr);
  assert.match(await readFile(file, 'utf8'), /^bp_[A-Za-z0-9_-]{43}\n$/);
});

test('amounts that are no whole number of micro are refused before anything is asked', async () => {
  for (const amount of ['0', '1.5', '1e3', '9007199254740993']) {
    const { code, stderr } = await pool('withdraw', amount, 'somewhere');
    assert.equal(code, 1);
    assert.match(stderr, /whole number/);
  }
});
