import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

type Verbs = Record<string, (args: never) => Promise<unknown>>;
type AnswerMessage = { ok: true; answer: unknown } | { ok: false; error: string };

/** A process that does what it is told, one call at a time, seen from the one that measures. */
export class Child<Calls extends Verbs> {
  readonly #child: ChildProcess;

  constructor(program: URL) {
    this.#child = fork(fileURLToPath(program), { stdio: 'inherit', serialization: 'advanced' });
  }

  /** Rejects when it failed there or the process ended. */
  call<V extends keyof Calls>(
    verb: V,
    args: Parameters<Calls[V]>[0],
  ): Promise<Awaited<ReturnType<Calls[V]>>> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the process ended with ${code}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (message: AnswerMessage) => {
        this.#child.off('exit', ended);
        // It answers what its calls say; both ends are built together.
        if (message.ok) resolve(message.answer as Awaited<ReturnType<Calls[V]>>);
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

/** The other side: does what it is told until its parent goes. */
export function serve(perform: (verb: string, args: never) => Promise<unknown>): void {
  process.on('message', ({ verb, args }: { verb: string; args: never }) => {
    perform(verb, args).then(
      (answer) => process.send?.({ ok: true, answer }),
      (error: unknown) =>
        process.send?.({ ok: false, error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.once('disconnect', () => process.exit());
}
