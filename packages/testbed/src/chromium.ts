/** The system's Chromium without a window, its profile in a temporary folder that is gone with its test. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { removeDirectory, startProcess, temporaryDirectory } from './process.js';
import { locateProgram, ProgramMissing, skipWithout } from './process.program.js';

const PROGRAM = { command: 'chromium', debianPackage: 'chromium' };

export type { BrowserContextOptions, Page } from 'playwright-core';

/** Nothing is asked of anyone but the page under test. */
const QUIET = [
  '--headless=new',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-breakpad',
  '--password-store=basic',
  // Containers have a small /dev/shm, and a page that does not fit crashes.
  '--disable-dev-shm-usage',
  '--disable-gpu',
  // A page is as wide as its window says, on every system.
  '--hide-scrollbars',
  // A page that nobody looks at would be slowed down, its timers and workers too.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export interface ChromiumOptions {
  /** Further switches, as on its command line. */
  args?: readonly string[];
  /** A folder for the profile that the caller keeps, and removes; by default one that is gone with the browser. */
  profile?: string;
}

export interface ChromiumBrowser {
  /** Playwright's, connected; each test has a context of its own. */
  readonly browser: Browser;
  readonly pid: number;
  /** Ends it in order and removes its profile, if it is its own. */
  stop(): Promise<void>;
  /** SIGKILL; answers when its helpers are gone as well. */
  kill(): Promise<void>;
}

/** The value for `skip` of a suite that needs Chromium: false, or why it cannot run here. */
export function chromiumMissing(): Promise<string | false> {
  return skipWithout(PROGRAM);
}

/** @throws ProgramMissing when Chromium is not to be had; Error when it does not start. */
export async function startChromium(options: ChromiumOptions = {}): Promise<ChromiumBrowser> {
  const program = await locateProgram(PROGRAM);
  if (program.status === 'missing') throw new ProgramMissing(program);
  const directory = await temporaryDirectory('chromium');
  const profile = options.profile ?? join(directory, 'profile');
  // One that was killed leaves the port that it had.
  rmSync(portFile(profile), { force: true });
  const args = [
    ...QUIET,
    // Root has no sandbox; the pages it opens are our own.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    `--user-data-dir=${profile}`,
    // It takes a free port and writes it into its profile, so that no stranger's can be met.
    '--remote-debugging-port=0',
    ...(options.args ?? []),
    'about:blank',
  ];
  const running = await startProcess(
    program.path,
    args,
    directory,
    async () => debuggingUrl(profile) !== undefined,
  );
  const url = debuggingUrl(profile);
  if (url === undefined) throw new Error('Chromium told its port and forgot it');
  const browser = await chromium.connectOverCDP(url);
  return {
    browser,
    pid: running.pid,
    async stop() {
      await endWithHelpers(running.pid, () => running.stop());
      removeDirectory(directory);
    },
    kill: () => endWithHelpers(running.pid, () => running.kill()),
  };
}

/** Ends one process, and waits for those below it: a remnant still writes into its profile, and keeps it locked. */
async function endWithHelpers(pid: number, end: () => Promise<unknown>): Promise<void> {
  const helpers = descendants(pid);
  await end();
  for (const helper of helpers) await ended(helper);
}

/** Processes below one, as the kernel lists them; none where it does not. */
function descendants(pid: number): number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(list)) return [];
  const children = readFileSync(list, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** They end by themselves when they are alone; a zombie has ended. */
async function ended(pid: number): Promise<void> {
  const runs = async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return stat !== undefined && !/\) [ZX] /.test(stat);
  };
  while (await runs()) await pause(10);
}

/** Where it takes orders: port and path, on two lines; undefined until both are written. */
function debuggingUrl(profile: string): string | undefined {
  const file = portFile(profile);
  if (!existsSync(file)) return undefined;
  const [port, path] = readFileSync(file, 'utf8').split('\n');
  return path === undefined || path === '' ? undefined : `ws://127.0.0.1:${port}${path}`;
}

function portFile(profile: string): string {
  return join(profile, 'DevToolsActivePort');
}
