import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ERRORS } from '@blindpost/protocol/errors';
import { FRAMES_IN, FRAMES_OUT, signedText } from '@blindpost/protocol/relay';
import { startServer } from '@blindpost/testbed/server';

const PAGE = readFileSync(new URL('../../../../../docs/relay.md', import.meta.url), 'utf8');

test('the wire reference names every frame, and every refusal with its status', () => {
  for (const type of [...Object.keys(FRAMES_IN), ...Object.keys(FRAMES_OUT)]) {
    assert.match(PAGE, new RegExp(`\`${type}[ \`]`), type);
  }
  const refusals = Object.entries(ERRORS).filter(([code]) => code.startsWith('ERR_'));
  for (const [code, { status }] of refusals) assert.match(PAGE, new RegExp(`\`${code}\` \\| ${status} `));
});

test('the wire reference spells the signed texts as they are signed', () => {
  for (const text of [
    signedText.auth('<host>', '<seed>', '<identity_hash>'),
    signedText.nickname('<seed>', '<nickname>', '<identity_hash>'),
    signedText.alias('<seed>', '<alias>', '<identity_hash>'),
    signedText.burn('<seed>', '<identity_hash>'),
  ]) {
    assert.ok(PAGE.includes(`\`${text}\``), text);
  }
});

test('the wire reference names every route of the relay that the server describes', async () => {
  const server = await startServer();
  try {
    const answer = await fetch(`${server.url}/openapi.json`);
    const { paths }: { paths: Record<string, unknown> } = JSON.parse(await answer.text());
    const described = Object.keys(paths).filter(
      (path) => !['/health', '/metrics', '/openapi.json'].includes(path),
    );
    assert.ok(described.length > 5);
    for (const path of described) assert.match(PAGE, new RegExp(`\`(GET|POST) ${path}[?\`]`), path);
  } finally {
    await server.stop();
  }
});
