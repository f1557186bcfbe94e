import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '@blindpost/testbed/server';

test('the console is HTML at / alone; what is unknown stays a padded JSON 404', async () => {
  const server = await startServer({ services: ['relay'] });
  try {
    const page = await fetch(`${server.url}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /<div id="console">/);
    assert.equal(page.headers.get('x-content-type-options'), 'nosniff');
    assert.equal(page.headers.get('referrer-policy'), 'no-referrer');
    for (const path of [
      '/index.html',
      '/console',
      '/console/',
      '/console/nothing.js',
      '/mine',
      '/favicon.ico',
    ]) {
      const answer = await fetch(server.url + path, { headers: { accept: 'text/html' } });
      assert.equal(answer.status, 404, path);
      const text = await answer.text();
      assert.equal(JSON.parse(text).error, 'not_found', path);
      assert.equal(text.length % 1536, 0, path);
    }
  } finally {
    await server.stop();
  }
});

test('CONSOLE=off serves no page', async () => {
  const server = await startServer({ services: ['relay'], env: { CONSOLE: 'off' } });
  try {
    const answer = await fetch(`${server.url}/`);
    assert.equal(answer.status, 404);
    assert.equal((await answer.json()).error, 'not_found');
  } finally {
    await server.stop();
  }
});
