import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onEveryDatabase } from './stage.js';

const PAGE = 'https://app.example';

await onEveryDatabase(
  'pages of other sites',
  (stage) => {
    const preflight = (path: string, method: string, origin: string) => {
      const headers = { origin, 'access-control-request-method': method };
      return stage.request(path, { method: 'OPTIONS', headers });
    };

    test('one that is listed may do everything, with a token and without cookies', async () => {
      for (const [path, method] of [
        ['', 'POST'],
        ['/revoke', 'POST'],
        ['/me', 'DELETE'],
      ] as const) {
        const { headers } = await preflight(path, method, PAGE);
        assert.equal(headers['access-control-allow-origin'], PAGE);
        assert.match(String(headers['access-control-allow-methods']), new RegExp(`\\b${method}\\b`));
        assert.equal(headers['access-control-allow-credentials'], undefined);
      }
    });

    test('any other may do nothing', async () => {
      const { headers } = await preflight('/me', 'DELETE', 'https://evil.example');
      assert.notEqual(headers['access-control-allow-origin'], 'https://evil.example');
      assert.notEqual(headers['access-control-allow-origin'], '*');
    });
  },
  { env: { CORS_ORIGINS: PAGE }, databases: ['sqlite'] },
);
