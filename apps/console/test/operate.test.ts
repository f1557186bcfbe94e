import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumMissing, type Page } from '@blindpost/testbed/chromium';
import { makeIdentity } from '@blindpost/testbed/keys';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { Wire } from '@blindpost/testbed/wire';
import { barriers } from './axe.js';
import { photograph } from './photograph.js';
import { openStage, type Stage } from './stage.js';

const ADMIN = 'an-admin-key-of-more-than-32-characters-000';
const SERVICES = ['relay', 'pool', 'e2ee', 'identity'];
/** What Chromium says of an answer of 401. */
const WRONG_KEY = /status of 401/;

async function enter(page: Page, key = ADMIN): Promise<void> {
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Open' }).click();
}

/** The figure under its name, in the section of that heading. */
function figure(page: Page, section: string, label: string) {
  return page
    .getByRole('region', { name: section, exact: true })
    .locator('.stat', { has: page.getByText(label, { exact: true }) })
    .locator('.value');
}

describe('the operator’s page', { skip: await chromiumMissing() }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ services: SERVICES, env: { ADMIN_API_KEY: ADMIN } });
  });
  after(() => stage.stop());

  test('a wrong key is told as wrong, the right one opens, and a reload forgets it', async () => {
    const { page, end } = await stage.visit('#/operate');
    const field = page.getByLabel('Key', { exact: true });
    assert.equal(await field.getAttribute('type'), 'password');
    assert.equal(await field.getAttribute('autocomplete'), 'off');
    await enter(page, 'a-wrong-key');
    await page.getByText('This is not the key of this server.').waitFor();
    await enter(page, 'schlüssel — that no header takes');
    await page.getByText('This is not the key of this server.').waitFor();
    await enter(page);
    await page.getByRole('region', { name: 'State', exact: true }).waitFor();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    assert.equal(kept.includes(ADMIN), false);
    await page.reload();
    await field.waitFor();
    assert.equal(await page.getByRole('region', { name: 'State', exact: true }).count(), 0);
    await end(WRONG_KEY);
  });

  test('numbers move while somebody writes', async () => {
    const { page, end } = await stage.visit('#/operate');
    await enter(page);
    const waiting = figure(page, 'Queues', 'Messages waiting');
    const before = Number(await waiting.textContent());
    const wire = new Wire(stage.server.url);
    const socket = await wire.login(makeIdentity());
    for (let id = 0; id < 3; id += 1) {
      socket.send({ type: 'relay', to: makeIdentity().hash, body: 'hello', id });
      await socket.next(({ type }) => type === 'delivery_status');
    }
    await page.waitForFunction(
      ([label, count]) =>
        [...document.querySelectorAll('.stat')].some(
          (stat) =>
            stat.querySelector('dt')?.textContent === label &&
            Number(stat.querySelector('.value')?.textContent) >= Number(count),
        ),
      ['Messages waiting', before + 3] as const,
    );
    // Drawn: two looks make a rate.
    await page.locator('.course canvas').first().waitFor();
    await page.waitForFunction(() => /^\d/.test(document.querySelector('.legend .now')?.textContent ?? ''));
    wire.end();
    await end();
  });

  test('an attester is registered, its key shown once, and revoked; the trail tells both and holds', async () => {
    const { page, end } = await stage.visit('#/operate');
    await enter(page);
    const registry = page.getByRole('region', { name: 'Registry and attesters', exact: true });
    await registry.getByRole('button', { name: 'Register an attester' }).click();
    const dialog = page.getByRole('dialog', { name: 'Register an attester' });
    await dialog.getByLabel('Id', { exact: true }).fill('Not An Id');
    await dialog.getByLabel('Name', { exact: true }).fill('A house of proofs');
    await dialog.getByRole('checkbox').first().check();
    await dialog.getByRole('checkbox').nth(2).check();
    assert.deepEqual(await barriers(page), []);
    assert.equal(await photograph(page, 'operate-register'), true);
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    await dialog.getByText('The server refuses').waitFor();
    await dialog.getByLabel('Id', { exact: true }).fill('house-of-proofs');
    await dialog.getByRole('button', { name: 'Register', exact: true }).click();
    const told = page.getByRole('dialog', { name: 'Registered' });
    await told.getByRole('button', { name: 'Show: API key' }).click();
    assert.match(await told.locator('code').innerText(), /^[0-9a-f]{64}$/);
    await told.getByRole('button', { name: 'Close' }).click();
    const row = registry.getByRole('row', { name: /house-of-proofs/ });
    await row.waitFor();
    assert.equal(await page.getByText(/^[0-9a-f]{64}$/).count(), 0, 'the key is gone');

    await row.getByRole('button', { name: 'Revoke house-of-proofs' }).click();
    const question = page.getByRole('dialog', { name: 'Revoke house-of-proofs' });
    await question.getByRole('button', { name: 'Close' }).click();
    assert.equal(await row.count(), 1, 'nothing is revoked before it is confirmed');
    await row.getByRole('button', { name: 'Revoke house-of-proofs' }).click();
    await question.getByRole('button', { name: 'Revoke', exact: true }).click();
    await row.waitFor({ state: 'detached' });

    const trail = page.getByRole('region', { name: 'Audit trail', exact: true }).first();
    await trail.getByRole('row', { name: /Attester revoked.*house-of-proofs/ }).waitFor();
    await trail.getByRole('row', { name: /Attester added.*house-of-proofs/ }).waitFor();
    await trail.getByRole('button', { name: 'Check the whole chain' }).click();
    await trail.getByText(/^All \d+ entries hold\.$/).waitFor();
    await end(/status of 400/);
  });

  test('it asks every two seconds while it is looked at, and not while it is hidden', async () => {
    const { page, end } = await stage.visit('#/operate');
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    let asked = 0;
    page.on('request', (request) => {
      if (request.url().endsWith('/admin/overview')) asked += 1;
    });
    const next = () => page.waitForResponse(/admin\/overview$/);
    const show = (state: string) =>
      page.evaluate((value) => {
        Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
      }, state);
    const first = page.getByText('As it is now').waitFor();
    await enter(page);
    await first;
    while (asked < 2) await page.clock.runFor(100);
    for (let turn = 0; turn < 2; turn += 1) {
      const response = next();
      // The answer must be taken before the pause begins.
      while (!(await Promise.race([response.then(() => true), page.clock.runFor(100).then(() => false)])));
    }
    await show('hidden');
    const before = asked;
    await page.clock.runFor(600_000);
    const shown = next();
    await show('visible');
    await shown;
    assert.equal(asked, before + 1);
    await end();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`keeps nobody out when it is open, in ${colorScheme} colours`, async () => {
      const { page, end } = await stage.visit('#/operate', { colorScheme });
      await enter(page);
      await page.locator('.course canvas').first().waitFor();
      assert.deepEqual(await barriers(page), []);
      await end();
    });
  }

  test('fits a phone', async () => {
    const { page, end } = await stage.visit('#/operate');
    await enter(page);
    await page.locator('.course canvas').first().waitFor();
    await page.waitForFunction(() => /^\d/.test(document.querySelector('.legend .now')?.textContent ?? ''));
    assert.equal(await photograph(page, 'operate-open'), true);
    await end();
  });

  // The last one: the stage's server does not come back.
  test('a server that is away is told, and the page goes on when it is back', async () => {
    const env = { ADMIN_API_KEY: ADMIN, PORT: new URL(stage.server.url).port };
    const { page, end } = await stage.visit('#/operate');
    await enter(page);
    await page.getByText('As it is now').waitFor();
    await stage.server.stop();
    let again: TestServer | undefined;
    try {
      await page.getByText(/^The server has not answered since/).waitFor();
      again = await startServer({ services: SERVICES, env });
      await page.getByText('As it is now').waitFor();
    } finally {
      await again?.stop();
      await end(/ERR_CONNECTION|ERR_EMPTY|ERR_SOCKET/);
    }
  });
});
