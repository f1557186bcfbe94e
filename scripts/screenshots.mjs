/** `npm run screenshots`: makes the pictures of the documents, of a real server, by a real browser. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { install } from './install.mjs';
import { ROOT } from './root.mjs';

const FOLDER = join(ROOT, 'docs/images');
const ADMIN = 'the-key-of-a-server-that-is-gone-in-a-minute';
const VIEW = { viewport: { width: 1280, height: 860 }, colorScheme: 'light' };
/** Of work, so that a course is to be seen. */
const COURSE_MS = 45_000;

install();
if (!build()) process.exit(1);
mkdirSync(FOLDER, { recursive: true });
const { openStage } = await import('../apps/console/dist/test/stage.js');
const { Desk } = await import('../apps/console/dist/test/messages/desk.js');

const stage = await openStage({
  services: ['relay', 'pool', 'e2ee', 'identity'],
  env: { ADMIN_API_KEY: ADMIN },
});
try {
  const [operator, miner] = await Promise.all([open('operate'), open('mine')]);
  await operator.getByLabel('Key', { exact: true }).fill(ADMIN);
  await press(operator, 'Open');
  await press(miner, 'Start mining');
  await prove(await open('prove'));
  await chat(await open('messages'), await open('messages'));
  await miner.waitForTimeout(COURSE_MS);
  await picture(miner, 'mine');
  await operator.setViewportSize({ width: 1280, height: 1240 });
  await picture(operator, 'operate');
} finally {
  await stage.stop();
}

async function chat(one, two) {
  const [anna, ben] = [new Desk(one), new Desk(two)];
  await Promise.all([anna.arrive('Anonymous'), ben.arrive('Anonymous')]);
  await anna.writeTo(await ben.address());
  await anna.write('Dear Ben, the parcel left this morning; it should reach you before Friday.');
  await ben.openFirst();
  await ben.write('Thank you! I shall look out for it.');
  await anna.reads('Thank you! I shall look out for it.');
  await anna.write('Bring an umbrella.');
  await anna.progress('Bring an umbrella.', 'received');
  await anna.letter('Bring an umbrella.').getByRole('button', { name: 'What the server sees' }).click();
  await one.locator('.sight').scrollIntoViewIfNeeded();
  await picture(one, 'messages');
}

async function prove(page) {
  await press(page, 'Create an entity');
  await page.getByRole('radio', { name: /Conversational Agent/ }).check();
  await press(page, 'Ask for an attestation');
  await page.getByText('Attested for development').waitFor();
  await page.getByLabel('Context').fill('a session');
  await press(page, 'Prove');
  await press(page, 'Verify and use up');
  await press(page, 'Verify and use up');
  await page.getByText('was used up before').waitFor();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await picture(page, 'prove');
}

async function open(name) {
  return (await stage.visit(`#/${name}`, VIEW)).page;
}

function press(page, name) {
  return page.getByRole('button', { name, exact: true }).click();
}

async function picture(page, name) {
  await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  console.log(`docs/images/${name}.png`);
}
