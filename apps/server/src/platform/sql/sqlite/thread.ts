import { parentPort, Worker, workerData } from 'node:worker_threads';
import { Unavailable } from '../../unavailable.js';
import { type Parcel, pack, unpack } from './parcel.js';

/** A thread that answers one question at a time, in their order. */
export class Thread<Q, A> {
  readonly #worker: Worker;
  readonly #exited: Promise<void>;
  #waiting: { resolve(answer: A): void; reject(error: Error): void }[] = [];
  #alive = true;

  private constructor(worker: Worker) {
    this.#worker = worker;
    // What the other side packed as an answer.
    worker.on('message', (parcel: Parcel) => this.#waiting.shift()?.resolve(unpack(parcel) as A));
    this.#exited = new Promise((resolve) => {
      let cause: unknown;
      worker.once('error', (error) => {
        cause = error;
      });
      worker.once('exit', () => {
        this.#alive = false;
        for (const { reject } of this.#waiting) reject(new Unavailable('the database', cause));
        this.#waiting = [];
        resolve();
      });
    });
  }

  /** @param program a module that calls {@link answerQuestions} */
  static start<Q, A>(program: URL, path: string): Thread<Q, A> {
    return new Thread<Q, A>(new Worker(program, { workerData: path }));
  }

  /** Rejects with `Unavailable` when the thread is gone. */
  ask(question: Q): Promise<A> {
    if (!this.#alive) return Promise.reject(new Unavailable('the database'));
    return new Promise((resolve, reject) => {
      const parcel = pack(question);
      this.#worker.postMessage(parcel, [parcel.bytes.buffer]);
      this.#waiting.push({ resolve, reject });
    });
  }

  alive(): boolean {
    return this.#alive;
  }

  /** Lets it answer what it was asked, then ends it. */
  async stop(): Promise<void> {
    if (this.#alive) this.#worker.postMessage(null);
    await this.#exited;
  }
}

/** The other side: opens the file named by the starter and answers until told to end. */
export function answerQuestions<Q, A>(
  open: (path: string) => { answer(question: Q): Promise<A>; end(): void },
) {
  const port = parentPort;
  if (port === null) throw new Error('this module is the program of a thread');
  const { answer, end } = open(String(workerData));
  let last: Promise<void> = Promise.resolve();
  port.on('message', (message: Parcel | null) => {
    last = last.then(async () => {
      if (message !== null) {
        // What the asking side packed as a question.
        const parcel = pack(await answer(unpack(message) as Q));
        return port.postMessage(parcel, [parcel.bytes.buffer]);
      }
      end();
      port.close();
    });
  });
}
