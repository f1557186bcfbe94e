import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { accountText } from '@blindpost/protocol/accounts';
import * as e2ee from '@blindpost/protocol/e2ee';
import { ERRORS } from '@blindpost/protocol/errors';
import * as identity from '@blindpost/protocol/identity';
import { Overview } from '@blindpost/protocol/overview';
import { POOL_FRAMES_IN, PoolFrameOut } from '@blindpost/protocol/pool';
import { FRAMES_IN, FRAMES_OUT, signedText } from '@blindpost/protocol/relay';
import { startServer } from '@blindpost/testbed/server';

const ADMIN = page('admin');
const RELAY = page('relay');
const POOL = page('pool');
const ACCOUNTS = page('accounts');
const E2EE = page('e2ee');
const IDENTITY = page('identity');

/** What `--print-config` says of settings that begin so. */
async function printedSettings(prefix: string): Promise<string[]> {
  const command = new URL('../../../../cli/bin/blindpost.js', import.meta.url);
  const asked = [fileURLToPath(command), 'serve', '--print-config'];
  const { stdout } = await promisify(execFile)(process.execPath, asked, { env: {} });
  return stdout.split('\n').filter((line) => line.startsWith(prefix));
}

function page(name: string): string {
  return readFileSync(new URL(`../../../../../docs/${name}.md`, import.meta.url), 'utf8');
}

test("the operator's reference names every member of the overview", () => {
  const { services, ...members } = Overview.properties;
  const sections = Object.values(services.properties).flatMap((section) => Object.keys(section.properties));
  for (const name of [...Object.keys(members), ...Object.keys(services.properties), ...sections]) {
    assert.match(ADMIN, new RegExp(`\`${name}\``), name);
  }
  assert.match(ADMIN, /`GET \/admin\/overview`/);
});

test("the relay's reference names every frame, and every refusal with its status", () => {
  for (const type of [...Object.keys(FRAMES_IN), ...Object.keys(FRAMES_OUT)]) {
    assert.match(RELAY, new RegExp(`\`${type}[ \`]`), type);
  }
  const refusals = Object.entries(ERRORS).filter(([code]) => code.startsWith('ERR_'));
  for (const [code, { status }] of refusals) assert.match(RELAY, new RegExp(`\`${code}\` \\| ${status} `));
});

test("the relay's reference spells the signed texts as they are signed", () => {
  for (const text of [
    signedText.auth('<host>', '<seed>', '<identity_hash>'),
    signedText.nickname('<seed>', '<nickname>', '<identity_hash>'),
    signedText.alias('<seed>', '<alias>', '<identity_hash>'),
    signedText.burn('<seed>', '<identity_hash>'),
  ]) {
    assert.ok(RELAY.includes(`\`${text}\``), text);
  }
});

test("the pool's reference names every frame, and every refusal with its status", () => {
  const sent = PoolFrameOut.anyOf.map(({ properties }) => properties.type.const);
  for (const type of [...Object.keys(POOL_FRAMES_IN), ...sent]) {
    assert.match(POOL, new RegExp(`^\\| \`${type}[ \`]`, 'm'), type);
  }
  assertRefusals(POOL);
});

test("the accounts' reference names refusals with their status, and spells the signed texts", () => {
  assertRefusals(ACCOUNTS);
  const texts = [
    accountText.register('<seed>', '<publicKey>'),
    accountText.token('<host>', '<challenge>', '<accountId>'),
  ];
  for (const text of texts) assert.ok(ACCOUNTS.includes(`\`${text}\``), text);
});

test("the e2ee transport's reference names every frame, every setting, and refusals with their status", async () => {
  const sent = e2ee.E2eeFrameOut.anyOf.map(({ properties }) => properties.type.const);
  for (const type of [...Object.keys(e2ee.E2EE_FRAMES_IN), ...sent]) {
    assert.match(E2EE, new RegExp(`^\\| \`${type.replaceAll('.', '\\.')} `, 'm'), type);
  }
  assertRefusals(E2EE);
  for (const code of ['self_recipient', 'prekey_conflict', 'bad_signature', 'queue_full']) {
    assert.match(E2EE, new RegExp(`^\\| \`${code}\` \\| `, 'm'));
  }
  for (const line of await printedSettings('E2EE_')) {
    const [, name = '', value = ''] = /^(\w+)=(\S+) /.exec(line) ?? [];
    const bound = name.endsWith('_BYTES')
      ? `${Number(value) / 1024 ** 2} MiB`
      : Number(value).toLocaleString('en');
    const told = value === 'false' ? `\`${name}=true\`` : `\`${name}\`, ${bound}`;
    assert.ok(E2EE.includes(told), told);
  }
});

test("the e2ee transport's reference tells bounds and defaults as they are", async () => {
  const kib = (bytes: number) => bytes / 1024;
  const mib = (bytes: number) => kib(bytes) / 1024;
  const { MAX_CIPHERTEXT, MAX_HEADER, MAX_SIGNATURE, MAX_META } = e2ee;
  for (const text of [
    `| ${kib(MAX_CIPHERTEXT)} KiB | 413 |`,
    `| ${[MAX_HEADER, MAX_SIGNATURE, MAX_META].map(kib).join('; ')} KiB | 400 |`,
    `| ${kib(e2ee.MAX_SEND_BODY)} KiB, ${mib(e2ee.MAX_UPLOAD_BODY)} MiB, ${mib(e2ee.MAX_DISTRIBUTE_BODY)} MiB, ${kib(e2ee.MAX_BODY)} KiB |`,
    `| ${e2ee.MAX_GROUP_ID}; ${e2ee.MAX_CLIENT_MESSAGE_ID}; ${e2ee.MAX_ALGORITHM} characters |`,
    `| depth of \`meta\` | ${e2ee.MAX_META_DEPTH} |`,
    `| 1009 | a frame over ${kib(e2ee.MAX_E2EE_FRAME)} KiB |`,
    `\`take=\` 1 to ${e2ee.MAX_TAKE}, else ${e2ee.DEFAULT_TAKE};`,
    `\`{ids}\`, at most ${e2ee.MAX_ACK_IDS},`,
    `\`{groupId, items}\`, 1 to ${e2ee.MAX_ITEMS} |`,
    `at most ${e2ee.MAX_UPLOADED_PREKEYS} \`oneTimePreKeys\``,
    `low is fewer than ${e2ee.LOW_STOCK} |`,
    `most ${e2ee.MAX_STOCK.toLocaleString('en')} wait`,
    `no token within ${e2ee.E2EE_AUTH_DEADLINE_MS / 1000} s`,
  ]) {
    assert.ok(E2EE.includes(text), text);
  }
  assert.equal(e2ee.MAX_SIGNATURE, e2ee.MAX_KEY);
  assert.deepEqual([e2ee.MAX_SESSION_ID, e2ee.MAX_HINT], Array(2).fill(e2ee.MAX_CLIENT_MESSAGE_ID));
});

test('the reference of entity identity names every setting of its limits, every event, and refusals with their status', async () => {
  assertRefusals(IDENTITY);
  for (const code of ['proof_invalid', 'root_mismatch', 'nullifier_used', 'proof_required', 'storage_full']) {
    assert.match(IDENTITY, new RegExp(`^\\| \`${code}\` \\| `, 'm'));
  }
  for (const line of await printedSettings('IDENTITY_LIMIT_')) {
    const [, name = '', value = ''] = /^(\w+)=(\S+) /.exec(line) ?? [];
    const told = `\`${name}\`, ${Number(value).toLocaleString('en')}`;
    assert.ok(IDENTITY.includes(told), told);
  }
  for (const { const: event } of identity.AuditEvent.anyOf)
    assert.ok(IDENTITY.includes(`\`${event}\``), event);
  for (const text of [
    `binary tree of depth ${identity.REGISTRY_DEPTH},`,
    `1 to ${identity.MAX_BATCH} | `,
    `at most ${identity.MAX_PAGE.toLocaleString('en')} |`,
    `${identity.MAX_DOMAIN}; ${identity.MAX_CONTEXT.toLocaleString('en')} characters`,
    `at most ${identity.MAX_ATTESTER_ID}.`,
  ]) {
    assert.ok(IDENTITY.includes(text), text);
  }
  assert.equal(identity.RECORD_WINDOW_MS, 600_000, 'ten minutes');
});

/** What a page's table of refusals says is what the table of errors says. */
function assertRefusals(text: string): void {
  const named = new Map(
    [...text.matchAll(/^\| `([A-Za-z_]+)` \| ([0-9]{3}) /gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]),
  );
  assert.ok(named.size >= 10);
  for (const [code, status] of named) {
    assert.equal(Object.entries(ERRORS).find(([known]) => known === code)?.[1].status, status, code);
  }
}

for (const [service, text, prefix] of [
  ['relay', RELAY, '/'],
  ['pool', POOL, '/'],
  ['e2ee', ACCOUNTS, '/api/accounts'],
  ['e2ee', E2EE, '/api/e2ee'],
  ['identity', IDENTITY, '/api/v1'],
  ['identity', IDENTITY, '/assets'],
] as const) {
  test(`the reference of the ${service} names every route below ${prefix} that the server describes`, async () => {
    const server = await startServer({ services: [service] });
    try {
      const answer = await fetch(`${server.url}/openapi.json`);
      const { paths }: { paths: Record<string, unknown> } = JSON.parse(await answer.text());
      const own = ['/health', '/metrics', '/openapi.json', '/admin/overview'];
      const described = Object.keys(paths).filter((path) => path.startsWith(prefix) && !own.includes(path));
      assert.ok(described.length >= (prefix === '/assets' ? 1 : 5));
      for (const path of described) {
        const escaped = path.replaceAll(/[{}]/g, '\\$&');
        assert.match(text, new RegExp(`\`(GET|POST|DELETE) ${escaped}[?\`]`), path);
      }
    } finally {
      await server.stop();
    }
  });
}
