import assert from 'node:assert/strict';
import type { Profiler } from 'node:inspector';
import { test } from 'node:test';
import { describeProfile, summariseProfile } from './profile.js';

function node(
  id: number,
  functionName: string,
  url = '',
  lineNumber = 0,
  children: number[] = [],
): Profiler.ProfileNode {
  return { id, callFrame: { functionName, scriptId: '0', url, lineNumber, columnNumber: 0 }, children };
}

const profile: Profiler.Profile = {
  startTime: 0,
  endTime: 10_000,
  nodes: [
    node(1, '(root)'),
    node(2, '(idle)'),
    node(3, 'push', 'file:///x/apps/server/dist/src/outbound.js', 9),
    node(4, 'push', 'file:///x/apps/server/dist/src/outbound.js', 9),
    node(5, 'frame', 'file:///x/node_modules/ws/lib/sender.js', 4),
    node(6, '(garbage collector)'),
    node(7, 'flush', 'node:internal/stream', 0, [8]),
    node(8, 'writev'),
  ],
  samples: [2, 3, 4, 5, 6, 7, 8],
  timeDeltas: [4000, 2000, 1000, 1500, 1000, 300, 200],
};

test('self time of a function is summed over all its places in the stack, idle time apart', () => {
  const { busyMs, idleMs, functions } = summariseProfile(profile);
  assert.deepEqual([busyMs, idleMs], [6, 4]);
  assert.deepEqual(functions[0], { place: 'push apps/server/src/outbound.js:10', ms: 3, share: 0.5 });
  assert.deepEqual(functions[1], { place: 'frame ws/lib/sender.js:5', ms: 2, share: 0.25 });
});

test('packages are ours, a dependency, node, or the engine', () => {
  const { packages } = summariseProfile(profile);
  const places = packages.map(({ place }) => place);
  assert.deepEqual(places, ['apps/server', 'ws', '(garbage collector)', 'node', '(engine and system calls)']);
});

test('a native function is named with its caller', () => {
  const places = summariseProfile(profile).functions.map(({ place }) => place);
  assert.equal(places.at(-1), 'writev (called by flush)');
});

test('the description is cut to the functions asked for', () => {
  const text = describeProfile(summariseProfile(profile, 1));
  assert.match(text, /50 % {7}3 ms {2}push/);
  assert.doesNotMatch(text, /sender/);
});
