import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumMissing } from '@blindpost/testbed/chromium';
import { barriers } from '../axe.js';
import { photograph } from '../photograph.js';
import { openStage, type Stage } from '../stage.js';
import { Desk, WAYS } from './desk.js';
import { recordWire } from './record.js';

describe('two windows write to each other', { skip: await chromiumMissing() }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ services: ['relay', 'e2ee'] });
  });
  after(() => stage.stop());

  for (const way of WAYS) {
    test(`${way}: both ways, to the state received, and on after a reload; nothing secret is on the wire`, async () => {
      const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
      const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
      const [annas, bens] = [recordWire(one.page), recordWire(two.page)];
      await Promise.all([anna.arrive(way), ben.arrive(way)]);
      const address = await ben.address();

      await anna.writeTo(address);
      await anna.write('Good morning, dear Ben');
      await anna.progress('Good morning, dear Ben', 'received');
      await ben.openFirst();
      await ben.reads('Good morning, dear Ben');
      await ben.write('And a bright one to you\nwith a second line');
      await anna.reads('And a bright one to you\nwith a second line');
      await ben.progress('And a bright one to you\nwith a second line', 'received');

      await one.page.reload();
      await anna.connected();
      await anna.reads('And a bright one to you\nwith a second line');
      await anna.write('After the reload');
      await anna.progress('After the reload', 'received');
      await ben.reads('After the reload');
      const written = [
        'Good morning, dear Ben',
        'And a bright one to you\nwith a second line',
        'After the reload',
      ];
      assert.deepEqual(await anna.texts(), written);
      assert.deepEqual(await ben.texts(), written);

      const wire = [...annas.parts, ...bens.parts].join('\n');
      const [, name = address] = /^([^#]+)/.exec(address) ?? [];
      assert.ok(wire.includes(name), 'the destination is on the wire, so it was recorded');
      const secrets = (await Promise.all([secretsOf(anna), secretsOf(ben)])).flat();
      assert.ok(secrets.length >= 2);
      for (const hidden of [...secrets, 'Good morning', 'bright one', 'After the reload']) {
        assert.ok(!wire.includes(hidden), 'what only the two know is on the wire');
        assert.ok(!wire.includes(Buffer.from(hidden).toString('base64').slice(0, 8)));
      }
      await Promise.all([one.end(), two.end()]);
    });
  }

  test('what the server sees is shown beside each letter', async () => {
    const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
    const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
    await Promise.all([anna.arrive('Anonymous'), ben.arrive('Anonymous')]);
    const address = await ben.address();
    await anna.writeTo(address);
    await anna.write('sealed');
    await anna.progress('sealed', 'received');
    await ben.openFirst();
    for (const desk of [anna, ben]) {
      await desk.letter('sealed').getByRole('button', { name: 'What the server sees' }).click();
      const sight = desk.letter('sealed').locator('.sight');
      assert.equal(await sight.locator('dd').nth(0).innerText(), address);
      assert.match(await sight.locator('dd').nth(2).innerText(), /of 1,536, padded$/);
      assert.match(await sight.locator('dd').nth(3).innerText(), /^([0-9a-f]{2} ){32}…$/);
    }
    await Promise.all([one.end(), two.end()]);
  });

  test('both see the same safety number, and a name given to a peer stays', async () => {
    const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
    const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
    await Promise.all([anna.arrive('With an account'), ben.arrive('With an account')]);
    await anna.writeTo(await ben.address());
    await anna.write('who are you?');
    await ben.openFirst();
    await ben.reads('who are you?');
    const digits = [];
    for (const desk of [anna, ben]) {
      await desk.press('Who is this?');
      digits.push(await desk.page.locator('.safety').innerText());
    }
    assert.match(digits[0] ?? '', /^(\d{5}\s*){12}$/);
    assert.equal(digits[0], digits[1]);
    await anna.page.getByLabel('Their name, for you alone').fill('Ben');
    await anna.press('Save');
    await anna.page.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    await anna.page.reload();
    await anna.page.getByRole('heading', { name: 'Ben', exact: true }).waitFor();
    await Promise.all([one.end(), two.end()]);
  });

  test('a letter to a conversation that is not open is counted, announced, and read when it is opened', async () => {
    const [one, two] = await Promise.all([stage.visit('#/messages'), stage.visit('#/messages')]);
    const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
    await Promise.all([anna.arrive('Anonymous'), ben.arrive('Anonymous')]);
    await anna.writeTo(await ben.address());
    await anna.write('first');
    await anna.write('second');
    await ben.page.getByText('2 unread letters').waitFor();
    await ben.page.getByRole('status').filter({ hasText: ': second' }).waitFor();
    await ben.page.reload();
    await ben.page.getByText('2 unread letters').waitFor();
    await ben.openFirst();
    await ben.page.getByText('2 unread letters').waitFor({ state: 'detached' });
    await ben.page.reload();
    await ben.reads('second');
    assert.equal(await ben.page.locator('.peer-unread').count(), 0);
    await Promise.all([one.end(), two.end()]);
  });

  test('an invitation leads to a conversation, by way of a first visit', async () => {
    const one = await stage.visit('#/messages');
    const ben = new Desk(one.page);
    await ben.arrive('With an account');
    const address = await ben.address();
    const two = await stage.visit(`#/messages?to=${encodeURIComponent(address)}`);
    const anna = new Desk(two.page);
    await anna.press('Make an identity');
    await anna.write('I was invited');
    await anna.progress('I was invited', 'received');
    await ben.openFirst();
    await ben.reads('I was invited');
    await Promise.all([one.end(), two.end()]);
  });

  test('an address that is none says so', async () => {
    const { page, end } = await stage.visit('#/messages');
    const desk = new Desk(page);
    await desk.arrive('Anonymous');
    const own = await desk.address();
    for (const [written, said] of [
      ['somebody', 'This is no address'],
      [own, 'This is your own address'],
      ['01234567-89ab-7def-8123-456789abcdef', 'This address travels the other way'],
    ] as const) {
      await page.getByLabel('Write to an address').fill(written);
      await desk.press('Open');
      await page.locator('.fault', { hasText: said }).waitFor();
    }
    await desk.writeTo('0'.repeat(64));
    await page.locator('.composer textarea').fill('is anybody there?');
    await desk.press('Send');
    await page.locator('.composer .fault', { hasText: 'The server knows no keys of this address' }).waitFor();
    await end();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the page keeps nobody out and fits a phone, in ${colorScheme} colours`, async () => {
      const [one, two] = await Promise.all([
        stage.visit('#/messages', { colorScheme }),
        stage.visit('#/messages', { colorScheme }),
      ]);
      const [anna, ben] = [new Desk(one.page), new Desk(two.page)];
      const shown = async (name: string): Promise<void> => {
        assert.deepEqual(await barriers(one.page), []);
        if (colorScheme === 'light') assert.equal(await photograph(one.page, name), true);
      };
      await shown('messages-arrival');
      await Promise.all([anna.arrive('Anonymous'), ben.arrive('Anonymous')]);
      await shown('messages-empty');
      await anna.press('Your address');
      await shown('messages-address');
      await anna.press('Burn this identity');
      await shown('messages-burn');
      await anna.press('Close');
      await anna.writeTo(await ben.address());
      await anna.write('Dear Ben, the parcel left this morning; it should reach you before Friday.');
      await ben.openFirst();
      await ben.write('Thank you! I shall look out for it.');
      await anna.reads('Thank you! I shall look out for it.');
      await anna.write('Bring an umbrella.');
      await anna.progress('Bring an umbrella.', 'received');
      await anna.letter('Bring an umbrella.').getByRole('button').click();
      await shown('messages-conversation');
      await anna.press('Who is this?');
      await shown('messages-who');
      await anna.press('Close');
      await one.page.evaluate(() => {
        location.hash = '#/messages';
      });
      await one.page.locator('.pane-empty').waitFor();
      await shown('messages-list');
      await Promise.all([one.end(), two.end()]);
    });
  }
});

/** The secret keys that a window keeps, in the spellings in which they might leave it. */
function secretsOf(desk: Desk): Promise<string[]> {
  return desk.page.evaluate(async () => {
    const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
    const name = names.find((each) => each.startsWith('blindpost ')) ?? '';
    const found = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await found(indexedDB.open(name));
    const rows = database.transaction('rows').objectStore('rows');
    const secret: Uint8Array = await found(rows.get('identity'));
    const account: Uint8Array | undefined = await found(rows.get('account'));
    database.close();
    const hex = [...secret].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const base64 = btoa(String.fromCharCode(...secret));
    const kept = account === undefined ? [] : [String(JSON.parse(new TextDecoder().decode(account)).secret)];
    return [hex, base64, ...kept];
  });
}
