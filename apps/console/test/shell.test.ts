import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumMissing } from '@blindpost/testbed/chromium';
import { barriers } from './axe.js';
import { photograph } from './photograph.js';
import { openStage, type Stage } from './stage.js';

const PAGES = ['messages', 'mine', 'prove', 'operate'];

describe('the console', { skip: await chromiumMissing() }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ services: ['relay', 'pool', 'e2ee', 'identity'] });
  });
  after(() => stage.stop());

  for (const name of PAGES) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${name} keeps nobody out, in ${colorScheme} colours`, async () => {
        const { page, end } = await stage.visit(`#/${name}`, { colorScheme });
        await page.waitForLoadState('networkidle');
        assert.deepEqual(await barriers(page), []);
        assert.equal(await page.locator('h1').count(), 1);
        assert.equal(await page.locator(`nav [aria-current=page][href="#/${name}"]`).count(), 1);
        await end();
      });
    }

    test(`${name} fits a phone`, async () => {
      const { page, end } = await stage.visit(`#/${name}`);
      assert.equal(await photograph(page, name), true);
      await end();
    });
  }

  test('the keyboard reaches the content first, and goes on in the page it has chosen', async () => {
    const { page, end } = await stage.visit('');
    const focused = () => page.evaluate(() => document.activeElement?.id ?? '');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'main');
    await page.locator('nav a[href="#/mine"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.title.startsWith('Mine'));
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    await end();
  });

  test('the colours that were chosen stay chosen', async () => {
    const { page, end } = await stage.visit('#/operate', { colorScheme: 'light' });
    const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await paper();
    const choice = page.getByRole('button', { name: /^Colours/ });
    await choice.click();
    await choice.click();
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark');
    const dark = await paper();
    assert.notEqual(dark, light);
    await page.reload();
    await page.locator('h1').waitFor();
    assert.equal(await paper(), dark);
    await end();
  });

  test('a page that could not be loaded is loaded when it is asked for again', async () => {
    const { page, end } = await stage.visit('#/messages');
    await page.route('**/console/mine-*.js', (route) => route.abort(), { times: 1 });
    await page.locator('nav a[href="#/mine"]').click();
    await page.getByText('This page stopped working.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.locator('h1', { hasText: 'Mine' }).waitFor();
    await end(/ERR_FAILED/);
  });

  test('a page that broke keeps no other one shut', async () => {
    const { page, end } = await stage.visit('#/messages');
    await page.route('**/console/mine-*.js', (route) => route.abort());
    await page.locator('nav a[href="#/mine"]').click();
    await page.getByText('This page stopped working.').waitFor();
    await page.locator('nav a[href="#/prove"]').click();
    await page.locator('h1', { hasText: 'Prove' }).waitFor();
    await end(/ERR_FAILED/);
  });

  test('an address that names no page shows the first one', async () => {
    const { page, end } = await stage.visit('#/nowhere/at/all');
    assert.equal(await page.locator('nav [aria-current=page]').getAttribute('href'), '#/messages');
    await end();
  });
});
