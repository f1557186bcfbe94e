import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { Chat } from '@blindpost/client/chat';
import { chromiumMissing } from '@blindpost/testbed/chromium';
import { barriers } from '../axe.js';
import { photograph } from '../photograph.js';
import { openStage, type Stage } from '../stage.js';
import { Desk, WAYS } from './desk.js';

describe('an identity of the browser', { skip: await chromiumMissing() }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ services: ['relay', 'e2ee'] });
  });
  after(() => stage.stop());

  test('runs in one tab; another one takes it over when it is told to, and nothing is lost', async () => {
    const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
    const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
    await Promise.all([anna.arrive('Anonymous'), ben.arrive('Anonymous')]);
    const address = await anna.address();
    await ben.writeTo(address);
    await ben.write('to the first tab');
    await anna.openFirst();
    await anna.reads('to the first tab');

    const tab = await one.page.context().newPage();
    await tab.goto(`${stage.server.url}/#/messages`);
    await tab.getByText('This identity is open in another tab.').waitFor();
    assert.deepEqual(await barriers(tab), []);
    const second = new Desk(tab);
    await second.press('Go on here');
    await second.connected();
    await one.page.getByText('This identity is open in another tab.').waitFor();
    assert.equal(await second.address(), address);
    await ben.write('to the second tab');
    await second.openFirst();
    await second.reads('to the second tab');
    await second.write('from the second tab');
    await ben.reads('from the second tab');

    await anna.press('Go on here');
    await anna.connected();
    await anna.reads('from the second tab');
    await tab.getByText('This identity is open in another tab.').waitFor();
    assert.deepEqual(await anna.texts(), await ben.texts());
    await Promise.all([one.end(), two.end()]);
  });

  test('has company in the same browser, under another name', async () => {
    const { page, end } = await stage.visit('#/messages');
    const anna = new Desk(page);
    await anna.arrive('With an account');
    await anna.press('Your address');
    const opened = page.context().waitForEvent('page');
    await anna.press('Open a window as somebody else');
    const ben = new Desk(await opened);
    await anna.press('Close');
    await ben.press('Make an identity');
    await ben.write('from next door');
    await anna.openFirst();
    await anna.reads('from next door');
    await anna.write('so near');
    await ben.reads('so near');
    await end();
  });

  test('that changed waits for trust, and what it wrote is read then', async () => {
    const { page, end } = await stage.visit('#/messages');
    const anna = new Desk(page);
    await anna.arrive('With an account');
    const address = await anna.address();
    // The same account on a device that lost its keys.
    const ben = { url: stage.server.url, via: 'e2ee', accountSecret: randomBytes(32) } as const;
    const before = await Chat.open(ben);
    await before.send(address, 'with my first keys');
    await before.flush();
    await anna.openFirst();
    await anna.reads('with my first keys');
    await anna.write('I know you');
    await anna.progress('I know you', 'received');
    await before.close();

    const got: string[] = [];
    const later = await Chat.open({ ...ben, onMessage: ({ text }) => void got.push(text) });
    await later.send(address, 'with my new keys');
    await anna.page.getByRole('alert').filter({ hasText: 'another identity than before' }).waitFor();
    assert.equal(await anna.letter('with my new keys').count(), 0);
    assert.deepEqual(await barriers(page), []);
    await page.locator('.composer textarea').fill('are you the same?');
    await anna.press('Send');
    await page.locator('.composer .fault', { hasText: 'trust it first' }).waitFor();
    assert.equal(await photograph(page, 'messages-changed'), true);
    await anna.press('Trust the new identity');
    await anna.reads('with my new keys');
    await anna.press('Send');
    await anna.progress('are you the same?', 'received');
    assert.deepEqual(got, ['are you the same?']);
    assert.equal(await page.getByRole('alert').count(), 0);
    await later.close();
    await end();
  });

  for (const way of WAYS) {
    test(`${way}: burned, nothing is left of it in the browser or on the server`, async () => {
      const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
      const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
      assert.deepEqual(await anna.databases(), []);
      await Promise.all([anna.arrive(way), ben.arrive(way)]);
      const address = await anna.address();
      await ben.writeTo(address);
      await ben.write('soon to be forgotten');
      await anna.openFirst();
      await anna.reads('soon to be forgotten');
      assert.notDeepEqual(await anna.databases(), []);

      await anna.burn();
      await one.page.getByText('Burned. Nothing is left of it').waitFor();
      assert.deepEqual(await anna.databases(), []);
      const stored = await one.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
      assert.ok(!stored.includes(address.slice(0, 8)));
      assert.deepEqual(await barriers(one.page), []);

      // Nobody who has the address can begin anew: the server has no keys of it any more.
      const three = await stage.visit('#/messages');
      const carl = new Desk(three.page);
      await carl.arrive(way);
      await carl.writeTo(address);
      await carl.page.locator('.composer textarea').fill('are you there?');
      await carl.press('Send');
      await carl.page.locator('.composer .fault', { hasText: 'The server knows no keys' }).waitFor();

      await one.page.reload();
      await anna.arrive(way);
      assert.notEqual(await anna.address(), address);
      // The browser itself writes down every 404.
      await Promise.all([one.end(), two.end(), three.end(/404/)]);
    });
  }
});
