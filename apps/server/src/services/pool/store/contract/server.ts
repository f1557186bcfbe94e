import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Report } from './server.program.js';

/** One process that has the database open, as a server has. */
export class Server {
  readonly #child: ChildProcess;
  readonly #reports: Report[] = [];
  #wake = (): void => undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (report: Report) => {
      this.#reports.push(report);
      this.#wake();
    });
    child.on('exit', () => this.#wake());
  }

  /** Answers when the process has the database open and waits for `go`. */
  static async start(order: Order): Promise<Server> {
    const server = new Server(fork(new URL('./server.program.js', import.meta.url)));
    server.#child.send(order);
    await server.reported((reports) => reports.length > 0);
    return server;
  }

  go(): void {
    this.#child.send('go');
  }

  /** Everything it has said, once `enough` of it. */
  async reported(enough: (reports: readonly Report[]) => boolean): Promise<readonly Report[]> {
    while (!enough(this.#reports)) {
      if (this.#child.exitCode !== null) throw new Error(`the process ended with ${this.#child.exitCode}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#reports;
  }

  /** SIGKILL; answers everything it said before. */
  async kill(): Promise<readonly Report[]> {
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGKILL');
    await closed;
    return this.#reports;
  }
}
