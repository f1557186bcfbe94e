import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { accountText } from '@blindpost/protocol/accounts';
import { ERRORS } from '@blindpost/protocol/errors';
import { POOL_FRAMES_IN, PoolFrameOut } from '@blindpost/protocol/pool';
import { FRAMES_IN, FRAMES_OUT, signedText } from '@blindpost/protocol/relay';
import { startServer } from '@blindpost/testbed/server';

const RELAY = page('relay');
const POOL = page('pool');
const ACCOUNTS = page('accounts');

function page(name: string): string {
  return readFileSync(new URL(`../../../../../docs/${name}.md`, import.meta.url), 'utf8');
}

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
] as const) {
  test(`the reference of the ${service} names every route below ${prefix} that the server describes`, async () => {
    const server = await startServer({ services: [service] });
    try {
      const answer = await fetch(`${server.url}/openapi.json`);
      const { paths }: { paths: Record<string, unknown> } = JSON.parse(await answer.text());
      const own = ['/health', '/metrics', '/openapi.json'];
      const described = Object.keys(paths).filter((path) => path.startsWith(prefix) && !own.includes(path));
      assert.ok(described.length >= 5);
      for (const path of described) {
        const escaped = path.replaceAll(/[{}]/g, '\\$&');
        assert.match(text, new RegExp(`\`(GET|POST|DELETE) ${escaped}[?\`]`), path);
      }
    } finally {
      await server.stop();
    }
  });
}
