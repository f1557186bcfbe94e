/** From an entity to a used-up proof, in a real browser: what leaves the page, and what the server says of it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { chromiumMissing, type Page } from '@blindpost/testbed/chromium';
import { IdentityWire } from '@blindpost/testbed/wire-identity';
import { secretsFromHex } from '@blindpost/zk/entity';
import { barriers } from './axe.js';
import { photograph } from './photograph.js';
import { openStage, type Stage } from './stage.js';

const ADMIN = 'an-admin-key-of-more-than-32-characters-000';
/** The answer to a proof that was used up before; Chromium puts it into its console as well. */
const CONFLICT = /status of 409/;

describe('proving in the console', { skip: await chromiumMissing() }, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage({ services: ['identity'], env: { ADMIN_API_KEY: ADMIN } });
  });
  after(() => stage.stop());

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const says = (page: Page, text: string) => page.getByText(text).waitFor();
  const shown = (page: Page) => page.locator('.facts code').first().innerText();

  test('an entity stays in this browser until it is forgotten, and comes back by its secret', async () => {
    const { page, end } = await stage.visit('#/prove');
    await press(page, 'Create an entity');
    const commitment = await shown(page);
    await page.reload();
    await page.waitForFunction((text) => document.body.innerText.includes(text), commitment);
    await page.getByRole('button', { name: 'Show: Secret' }).click();
    const secret = await page.locator('.secret code').innerText();
    await press(page, 'Forget this entity');
    await page.getByRole('dialog').getByRole('button', { name: 'Forget this entity' }).click();
    const field = page.getByLabel('Secret', { exact: true });
    await field.fill('no secret');
    await press(page, 'Import');
    await says(page, 'A secret is 16 to 64 bytes in hex.');
    assert.deepEqual(await barriers(page), []);
    await field.fill(secret);
    await press(page, 'Import');
    await page.getByRole('button', { name: 'Show: Secret' }).waitFor();
    assert.equal(await shown(page), commitment);
    await end();
  });

  test('an attestation is taken from an attester by its key, or as a text, and only of this entity', async () => {
    const { page, end } = await stage.visit('#/prove');
    const wire = new IdentityWire(stage.server.url, ADMIN);
    const lab = await wire.register({ id: 'lab', name: 'Lab', allowedTypes: ['HU.US'] });
    await press(page, 'Create an entity');
    await page.getByRole('radio', { name: /Human User/ }).check();
    const way = page.getByLabel('Where it comes from');
    await way.selectOption({ label: 'An attester, by its API key' });
    const key = page.getByLabel('API key of the attester');
    await key.fill('0');
    await press(page, 'Ask for an attestation');
    await says(page, 'apiKey must be 64 hex digits');
    await key.fill(String(lab.json.apiKey));
    await press(page, 'Ask for an attestation');
    await says(page, 'It is attested that you are: Human User');
    await press(page, 'Drop it');

    await way.selectOption({ label: 'An attestation that I have' });
    const pasted = page.locator('textarea');
    const attest = async (entityCommitment: string) => {
      const body = { entityCommitment, entityType: 'HY.CP', attester: 'development' };
      return (await wire.attest(body)).raw.toString();
    };
    for (const [text, fault] of [
      ['{', 'This is no attestation.'],
      [await attest('12345'), 'This attestation is of another entity.'],
    ] as const) {
      await pasted.fill(text);
      await press(page, 'Take it');
      await says(page, fault);
    }
    assert.deepEqual(await barriers(page), []);
    assert.equal(await photograph(page, 'prove-paste'), true);
    await pasted.fill(await attest(await shown(page)));
    await press(page, 'Take it');
    await says(page, 'Attested for development: Copilot');
    assert.equal(await page.getByRole('radio', { name: /Copilot/ }).isChecked(), true);
    await end();
  });

  test('a proof under way is cancelled at once, and begun anew', async () => {
    const { page, end } = await stage.visit('#/prove');
    await press(page, 'Create an entity');
    await press(page, 'Ask for an attestation');
    await press(page, 'Prove');
    await page.getByRole('progressbar').waitFor();
    await press(page, 'Cancel');
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    assert.equal(await page.getByRole('alert').count(), 0);
    await press(page, 'Prove');
    await says(page, 'What the server says');
    await end();
  });

  test('an entity is made, attested and proven; the proof holds, is used up, and is refused from then on', async () => {
    const { page, end } = await stage.visit('#/prove');
    const sent: string[] = [];
    page.on('request', (request) => {
      sent.push(request.url(), request.postData() ?? '', ...Object.values(request.headers()));
    });

    await press(page, 'Create an entity');
    await page.getByRole('button', { name: 'Show: Secret' }).click();
    const secret = await page.locator('.secret code').innerText();
    const secrets = secretsFromHex(secret) ?? assert.fail('what is shown is a secret');

    await page.getByRole('radio', { name: /Drone/ }).check();
    await says(page, 'what it attests is worth nothing outside');
    await press(page, 'Ask for an attestation');
    await says(page, 'Attested for development: Drone');

    assert.equal(await photograph(page, 'prove-attested'), true);
    await page.getByRole('textbox', { name: 'Context' }).fill('a session');
    const phases = page.evaluate(phasesSeen, 'li.now');
    await press(page, 'Prove');
    await press(page, 'Verify');
    // Of the six phases a short one may pass between two looks.
    assert.ok((await phases) >= 4);
    await says(page, 'The proof holds.');
    assert.deepEqual(await barriers(page), []);

    await press(page, 'Verify and use up');
    await says(page, 'The proof holds, and is used up now.');
    await press(page, 'Verify and use up');
    await says(page, 'Refused: it was used up before.');
    await press(page, 'Verify');
    await says(page, 'The proof holds, and was used up before.');

    await page.getByText('HTTP headers').click();
    await page.getByText('JWT claims').click();
    const [headers = '', claims = ''] = await page.locator('pre').allInnerTexts();
    assert.match(headers, /^Entity-Type: AR\.DR\/1\.0\nEntity-Proof: \S+\nEntity-Signals: \S+$/);
    assert.equal(JSON.parse(claims).entity_type, 'AR.DR');
    assert.equal(await photograph(page, 'prove-done'), true);

    const all = sent.join('\n');
    assert.ok(all.includes('/api/v1/verify'), 'the control: requests were recorded');
    for (const hidden of [secret, secrets.secret.toString(), secrets.salt.toString(), 'a session']) {
      assert.ok(!all.toLowerCase().includes(hidden.toLowerCase()), 'a secret left the page');
    }
    await end(CONFLICT);
  });
});

/** Resolves with the number of phases that were under way, once there is a proof. */
function phasesSeen(selector: string): Promise<number> {
  const seen = new Set<string>();
  return new Promise((resolve) => {
    const look = () => {
      for (const phase of document.querySelectorAll(selector)) seen.add(phase.firstChild?.textContent ?? '');
      if (document.querySelector('.carried') !== null) resolve(seen.size);
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
}
