import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { newMinerToken, PoolHttp } from '@blindpost/client/pool';
import type { Page } from '@blindpost/testbed/chromium';
import { chromiumMissing } from '@blindpost/testbed/chromium';
import { freePort } from '@blindpost/testbed/ports';
import { startServer } from '@blindpost/testbed/server';
import { barriers } from './axe.js';
import { photograph } from './photograph.js';
import { openStage, type Stage } from './stage.js';

const ADMIN = 'an-admin-key-of-more-than-32-characters-000';

/** The figure under this name, once it is there; separators of thousands are left out. */
async function figure(page: Page, label: string): Promise<number> {
  const value = await page.locator('.stat', { hasText: label }).locator('.value').innerText();
  return Number(value.replaceAll(',', ''));
}

/** Waits for so many wins of the present miner. */
async function won(page: Page, wins: number): Promise<void> {
  await page.waitForFunction((least) => {
    const stats = [...document.querySelectorAll('.stat')];
    const stat = stats.find((one) => one.textContent?.startsWith('Rounds won'));
    return Number(stat?.querySelector('.value')?.textContent ?? 0) >= least;
  }, wins);
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function tokenOf(page: Page): Promise<string> {
  await press(page, 'Show: Token');
  const token = await page.locator('.secret code').innerText();
  await press(page, 'Hide: Token');
  return token;
}

describe('the page that mines', { skip: await chromiumMissing() }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ services: ['pool'], env: { ADMIN_API_KEY: ADMIN } });
  });
  after(() => stage.stop());

  test('what is mined is redeemed, and stands among the codes', async () => {
    const { page, end } = await stage.visit('#/mine');
    await press(page, 'Start mining');
    await won(page, 2);
    await page.getByRole('heading', { name: 'CPU hash' }).waitFor();
    assert.deepEqual(await barriers(page), []);
    assert.equal(await photograph(page, 'mine-at-work'), true);
    await press(page, 'Stop mining');
    await page.waitForFunction(() => document.querySelector('.status')?.textContent === 'stopped');

    const pool = new PoolHttp({ url: stage.server.url, token: await tokenOf(page) });
    const held = (await pool.balance()).pending_balance_micro;
    assert.ok(held > 0);
    await press(page, 'Redeem all');
    const code = await page.locator('.notice.good code').innerText();
    await page.locator('tbody code', { hasText: code }).waitFor();
    const { items } = await pool.history();
    assert.deepEqual(
      items.map((item) => [item.code, item.amount_micro]),
      [[code, held]],
    );
    assert.deepEqual(await barriers(page), []);
    assert.equal(await photograph(page, 'mine-redeemed'), true);
    await page.waitForFunction(() => document.querySelector('.stats:has(.unit) .value')?.textContent === '0');
    await end();
  });

  test('a withdrawal to a destination takes what it says, and an operator finds it', async () => {
    const { page, end } = await stage.visit('#/mine');
    await press(page, 'Start mining');
    await won(page, 1);
    await press(page, 'Stop mining');
    await page.waitForFunction(() => document.querySelector('.status')?.textContent === 'stopped');
    const pool = new PoolHttp({ url: stage.server.url, token: await tokenOf(page) });
    const held = (await pool.balance()).pending_balance_micro;

    await page.getByText('Withdraw to a destination instead').click();
    await page.getByLabel('Destination').fill('the account of a friend');
    await page.getByLabel('Amount to withdraw').fill('0.5');
    assert.deepEqual(await barriers(page), []);
    await press(page, 'Withdraw');
    const said = await page.locator('.notice.good').innerText();
    assert.equal((await pool.balance()).pending_balance_micro, held - 500_000);
    const answer = await fetch(`${stage.server.url}/admin/withdrawals`, {
      headers: { Authorization: `Bearer ${ADMIN}` },
    });
    const { items } = await answer.json();
    assert.equal(items[0].destination, 'the account of a friend');
    assert.ok(said.includes(items[0].request_id));
    await end();
  });

  test('workers live as long as mining does, also while another page is looked at', async () => {
    const { page, end } = await stage.visit('#/mine');
    assert.equal(page.workers().length, 0);
    await press(page, 'Start mining');
    await won(page, 1);
    const workers = page.workers();
    assert.ok(workers.length > 0);
    const ended = Promise.all(workers.map((worker) => worker.waitForEvent('close')));
    await page.locator('nav a[href="#/prove"]').click();
    await page.locator('h1', { hasText: 'Prove' }).waitFor();
    await page.locator('nav').getByRole('img', { name: 'at work' }).waitFor();
    await page.locator('nav a[href="#/mine"]').click();
    await press(page, 'Stop mining');
    await ended;
    assert.equal(page.workers().length, 0);
    await end();
  });

  test('kernels are loaded when they are needed, and only those', async () => {
    const { page, end } = await stage.visit('#/mine');
    const kernels: string[] = [];
    page.on('request', (request) => {
      const kernel = /\/([a-z0-9-]+)-(?:scalar|simd)-[^/]+\.wasm$/.exec(request.url())?.[1];
      if (kernel !== undefined) kernels.push(kernel);
    });
    await page.waitForLoadState('networkidle');
    assert.deepEqual(kernels, []);
    await press(page, 'Start mining');
    await won(page, 1);
    assert.deepEqual([...new Set(kernels)], ['hashcash']);
    await press(page, 'Stop mining');
    await end();
  });

  test('the token survives a reload, and another one takes its place', async () => {
    const { page, end } = await stage.visit('#/mine');
    const token = await tokenOf(page);
    await page.reload();
    assert.equal(await tokenOf(page), token);

    const other = newMinerToken();
    await press(page, 'Use another token');
    assert.deepEqual(await barriers(page), []);
    assert.equal(await photograph(page, 'mine-dialog'), true);
    const field = page.getByLabel('A token you have');
    await field.fill('bp_short');
    await page.getByText('Not a token').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Use this token' }).isDisabled(), true);
    await field.fill(other);
    await press(page, 'Use this token');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.equal(await tokenOf(page), other);
    await page.reload();
    assert.equal(await tokenOf(page), other);
    await end();
  });

  test('an amount that cannot be redeemed says so before it is asked for', async () => {
    const { page, end } = await stage.visit('#/mine');
    const field = page.getByLabel('Amount to redeem');
    await field.fill('1,5');
    await page.getByText('Not an amount').waitFor();
    await field.fill('1');
    await page.getByText('More than the 0 units you hold.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Redeem' }).isDisabled(), true);
    await end();
  });
});

describe('the page that mines, and a server that comes and goes', { skip: await chromiumMissing() }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blindpost-console-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('mining goes on where it was when the server is back', async () => {
    const options = { services: ['pool'], env: { PORT: String(await freePort()), DATA_DIR: folder } };
    const stage = await openStage(options);
    const { page, end } = await stage.visit('#/mine');
    await press(page, 'Start mining');
    await won(page, 1);
    await stage.server.kill();
    await page.getByText('The server does not answer.').waitFor();
    const wins = await figure(page, 'Rounds won');
    const again = await startServer(options);
    try {
      await won(page, wins + 1);
      await page.getByText('The server does not answer.').waitFor({ state: 'hidden' });
      // The browser itself writes down every request that found nobody.
      await end(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection/);
    } finally {
      await again.stop();
      await stage.stop();
    }
  });
});

describe('the page that mines, where there is no pool', { skip: await chromiumMissing() }, () => {
  test('it says what the server does not serve', async () => {
    const stage = await openStage({ services: ['relay'] });
    try {
      const { page, end } = await stage.visit('#/mine');
      await page.getByText('This server does not serve the pool.').waitFor();
      assert.deepEqual(await barriers(page), []);
      await end();
    } finally {
      await stage.stop();
    }
  });
});
