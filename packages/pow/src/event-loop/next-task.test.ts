import assert from 'node:assert/strict';
import { test } from 'node:test';
import { immediate, message } from './next-task.js';

for (const [name, nextTask] of Object.entries({ immediate, message })) {
  test(`${name}: timers run while tasks follow each other`, async () => {
    let fired = false;
    setTimeout(() => {
      fired = true;
    }, 1);
    // A million microtasks would pass before the timer.
    for (let tasks = 0; !fired && tasks < 1_000_000; tasks++) await nextTask();
    assert.equal(fired, true);
  });
}
