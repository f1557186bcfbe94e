import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { chromiumMissing } from '@blindpost/testbed/chromium';
import { freePort } from '@blindpost/testbed/ports';
import { startServer } from '@blindpost/testbed/server';
import { openStage } from '../stage.js';
import { Desk, WAYS } from './desk.js';

/** The browser itself writes down what found nobody. */
const NOBODY_THERE = /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|WebSocket connection/;
const LETTERS = ['one', 'two', 'three', 'four', 'five'];

describe('letters while the server is away', { skip: await chromiumMissing() }, () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'blindpost-messages-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const way of WAYS) {
    test(`${way}: a server killed in the middle costs no letter and doubles none`, async () => {
      const env = { PORT: String(await freePort()), DATA_DIR: join(folder, way) };
      const options = { services: ['relay', 'e2ee'], env };
      const stage = await openStage(options);
      const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
      const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
      await Promise.all([anna.arrive(way), ben.arrive(way)]);
      await anna.writeTo(await ben.address());
      await anna.write('before');
      await ben.openFirst();
      await ben.write('before, too');
      await anna.reads('before, too');
      await ben.progress('before, too', 'received');
      for (const letter of LETTERS) await anna.write(letter);

      await stage.server.kill();
      await anna.page.getByText('Offline; trying again').waitFor();
      await anna.write('meanwhile');
      await anna.progress('meanwhile', 'queued');
      await ben.write('I cannot be heard');
      const again = await startServer(options);
      try {
        for (const letter of [...LETTERS, 'meanwhile']) await anna.progress(letter, 'received');
        await anna.reads('I cannot be heard');
        await ben.progress('I cannot be heard', 'received');
        await anna.page.reload();
        await ben.write('and after');
        await anna.reads('and after');
        await ben.progress('and after', 'received');
        const all = [
          'before',
          'before, too',
          ...LETTERS,
          'meanwhile',
          'I cannot be heard',
          'and after',
        ].sort();
        assert.deepEqual((await anna.texts()).sort(), all);
        assert.deepEqual((await ben.texts()).sort(), all);
        await Promise.all([one.end(NOBODY_THERE), two.end(NOBODY_THERE)]);
      } finally {
        await again.stop();
        await stage.stop();
      }
    });

    test(`${way}: a burn that no server answers leaves everything, and succeeds when there is one`, async () => {
      const env = { PORT: String(await freePort()), DATA_DIR: join(folder, `burn ${way}`) };
      const options = { services: ['relay', 'e2ee'], env };
      const stage = await openStage(options);
      const { page, end } = await stage.visit('#/messages');
      const anna = new Desk(page);
      await anna.arrive(way);
      const address = await anna.address();
      await stage.server.kill();
      await page.getByText('Offline; trying again').waitFor();
      await anna.burn();
      await page.getByRole('alert').filter({ hasText: 'Not burned' }).waitFor();
      const again = await startServer(options);
      try {
        await anna.connected();
        assert.equal(await anna.address(), address);
        await anna.burn();
        await page.getByText('Burned. Nothing is left of it').waitFor();
        assert.deepEqual(await anna.databases(), []);
        await end(NOBODY_THERE);
      } finally {
        await again.stop();
        await stage.stop();
      }
    });

    test(`${way}: whoever was away gets it later, in order`, async () => {
      const stage = await openStage({ services: ['relay', 'e2ee'] });
      const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
      const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
      await Promise.all([anna.arrive(way), ben.arrive(way)]);
      const address = await ben.address();
      const home = ben.page.url();
      await ben.page.goto('about:blank');
      await anna.writeTo(address);
      for (const letter of LETTERS) await anna.write(letter);
      for (const letter of LETTERS) await anna.progress(letter, 'sent');
      await ben.page.goto(home);
      await ben.openFirst();
      for (const letter of LETTERS) await anna.progress(letter, 'received');
      for (const letter of LETTERS) await ben.reads(letter);
      assert.deepEqual(await ben.texts(), LETTERS);
      await Promise.all([one.end(), two.end()]);
      await stage.stop();
    });
  }
});
