import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { chromiumMissing, startChromium } from './chromium.js';
import { removeDirectory, temporaryDirectory } from './process.js';

describe('Chromium of the test bed', { skip: await chromiumMissing() }, () => {
  test('it opens pages, runs their scripts, and is gone when stopped', async () => {
    const { browser, pid, stop } = await startChromium();
    try {
      const page = await browser.newPage();
      await page.goto('data:text/html,<title>here</title><script>document.title += " and there"</script>');
      assert.equal(await page.title(), 'here and there');
    } finally {
      await stop();
    }
    await gone(pid);
  });

  test('two of them share nothing', async () => {
    const [one, two] = [await startChromium(), await startChromium()];
    try {
      assert.notEqual(one.pid, two.pid);
      await one.kill();
      await gone(one.pid);
      const page = await two.browser.newPage();
      assert.equal(await page.evaluate('1 + 1'), 2);
    } finally {
      await Promise.all([one.stop(), two.stop()]);
    }
  });

  // Without the kernel's parent-death signal nothing can be done about SIGKILL.
  const skip = process.platform !== 'linux' ? 'no parent-death signal here' : false;
  test('it dies with a test process ended by SIGKILL', { skip }, async () => {
    const module = fileURLToPath(new URL('./chromium.js', import.meta.url));
    const source = `import { startChromium } from ${JSON.stringify(module)};
      process.stdout.write(String((await startChromium()).pid));
      setInterval(() => {}, 1000);`;
    const directory = await temporaryDirectory('orphan');
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source], {
      env: { ...process.env, TMPDIR: directory },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [pid] = await once(parent.stdout, 'data');
    assert.equal(process.kill(Number(pid), 0), true);
    parent.kill('SIGKILL');
    await gone(Number(pid));
    removeDirectory(directory);
  });
});

/** Answers when the process is no more; the runner's time limit is the guard. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await pause(10);
  }
}
