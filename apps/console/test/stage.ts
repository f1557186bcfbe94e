/** A real server and a real browser; a visit fails when its page complains, breaks its policy or asks a stranger. */
import assert from 'node:assert/strict';
import type { BrowserContextOptions, Page } from '@blindpost/testbed/chromium';
import { type ChromiumBrowser, startChromium } from '@blindpost/testbed/chromium';
import { type ServerOptions, startServer, type TestServer } from '@blindpost/testbed/server';

/** Of everything a test waits for in a page: what must come, comes; the runner's limit is the guard. */
const PATIENCE_MS = 120_000;

export interface Stage {
  server: TestServer;
  browser: ChromiumBrowser;
  /** Opens a route such as `#/mine` in a profile of its own, and waits for its heading. */
  visit(route: string, options?: BrowserContextOptions): Promise<Visit>;
  stop(): Promise<void>;
}

export interface Visit {
  page: Page;
  /** What the page complained of so far. */
  faults: readonly string[];
  /** Closes the page, and fails when there was a fault that `expected` does not match. */
  end(...expected: RegExp[]): Promise<void>;
}

export async function openStage(options: ServerOptions): Promise<Stage> {
  const server = await startServer(options);
  const browser = await startChromium().catch(async (error: unknown) => {
    await server.stop();
    throw error;
  });
  return {
    server,
    browser,
    visit: (route, context) => visit(browser, server.url, route, context),
    async stop() {
      await Promise.all([browser.stop(), server.stop()]);
    },
  };
}

async function visit(
  { browser }: ChromiumBrowser,
  url: string,
  route: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const faults: string[] = [];
  const own = new Set([url, url.replace(/^http/, 'ws')]);
  const foreign = (address: string): void => {
    const { origin, protocol } = new URL(address);
    if (protocol !== 'data:' && protocol !== 'blob:' && !own.has(origin)) faults.push(`asks ${address}`);
  };
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    faults.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => faults.push(`error: ${error.stack ?? error.message}`));
  page.on('request', (request) => foreign(request.url()));
  page.on('websocket', (socket) => foreign(socket.url()));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      console.error(`the policy forbids ${violatedDirective} ${blockedURI}`);
    });
  });
  await page.goto(`${url}/${route}`);
  await page.locator('h1').waitFor();
  return {
    page,
    faults,
    async end(...expected) {
      await context.close();
      const unexpected = faults.filter((fault) => !expected.some((pattern) => pattern.test(fault)));
      assert.deepEqual(unexpected, []);
    },
  };
}
