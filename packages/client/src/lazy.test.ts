import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const STATIC = /^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm;
const LAZY = /\bimport\(['"]([^'"]+)['"]\)/g;

/** Every module and package that is loaded with `entry`, and what is loaded later on demand. */
function loaded(entry: URL): { now: Set<string>; later: string[] } {
  const now = new Set<string>();
  const later: string[] = [];
  const visit = (url: URL) => {
    if (now.has(url.href)) return;
    now.add(url.href);
    const source = readFileSync(url, 'utf8');
    for (const [, target = ''] of source.matchAll(STATIC)) {
      if (target.startsWith('.')) visit(new URL(target, url));
      else now.add(target);
    }
    for (const [, target = ''] of source.matchAll(LAZY)) later.push(new URL(target, url).pathname);
  };
  visit(entry);
  return { now, later };
}

test('the SDK loads no service before it is used, and of them only the one that proves carries a prover', () => {
  const { now, later } = loaded(new URL('./index.js', import.meta.url));
  assert.deepEqual(
    [...now].filter((target) => !target.startsWith('file:')),
    ['@blindpost/protocol/errors'],
  );
  const services = [...new Set(later)].map((path) => path.split('/').slice(-2).join('/')).sort();
  assert.deepEqual(services, [
    'accounts/index.js',
    'chat/chat.js',
    'e2ee/index.js',
    'identity/index.js',
    'pool/index.js',
    'relay/index.js',
  ]);
  const carries = (name: string, owner: RegExp) =>
    [...loaded(new URL(`./${name}`, import.meta.url)).now].some((target) => owner.test(target));
  const provers = services.filter((name) => carries(name, /^@blindpost\/zk/));
  assert.deepEqual(provers, ['identity/index.js']);
  assert.deepEqual(
    services.filter((name) => carries(name, /^@blindpost\/session/)),
    ['chat/chat.js'],
  );
});
