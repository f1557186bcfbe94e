import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Answer, AnswerMessage, Arguments, Verb } from './calls.js';

const PROGRAM = fileURLToPath(new URL('./load.js', import.meta.url));

/** The generator's process, seen from the one that measures. */
export class Generator {
  readonly #child: ChildProcess = fork(PROGRAM, { stdio: 'inherit' });

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** One call at a time. Rejects when it failed there or the process ended. */
  call<V extends Verb>(verb: V, args: Arguments<V>): Promise<Answer<V>> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the generator ended with ${code}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (message: AnswerMessage) => {
        this.#child.off('exit', ended);
        // The generator answers what calls.ts says; both ends are built together.
        if (message.ok) resolve(message.answer as Answer<V>);
        else reject(new Error(message.error));
      });
      this.#child.send({ verb, args });
    });
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect();
    await gone;
  }
}
