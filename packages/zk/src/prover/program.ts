/** What the prover's worker runs; started by URL from thread/. */
import { serveOrders } from '#prover-scope';
import { ProverError } from './error.js';
import type { Order, Report } from './orders.js';

serveOrders((report) => {
  silence();
  let load: Extract<Order, { type: 'load' }> | undefined;
  // Loaded only now: where it runs has been made ready for it.
  const loaded = import('./groth16.js');

  return (order) => {
    if (order.type === 'load') load = order;
    else void prove(order.job, order.inputs).then(report);
  };

  async function prove(job: number, inputs: Record<string, string | string[]>): Promise<Report> {
    try {
      if (load === undefined) throw new ProverError('invalid_artefacts', 'nothing to prove with was loaded');
      report({ type: 'progress', job, progress: { phase: 'load', done: 0 } });
      const { prove } = await loaded;
      const tell = (progress: Extract<Report, { type: 'progress' }>['progress']) =>
        report({ type: 'progress', job, progress });
      return { type: 'proved', job, result: await prove(inputs, load, tell) };
    } catch (error) {
      // Errors lose their class on the way between threads.
      const { code, message, field } = error instanceof ProverError ? error : unusable(error);
      return { type: 'failed', job, code, message, ...(field === undefined ? {} : { field }) };
    }
  }
});

/** snarkjs says what it finds wrong with a file, at whatever length. */
function unusable(error: unknown): ProverError {
  return new ProverError('invalid_artefacts', `the artefacts cannot be used (${`${error}`.slice(0, 100)})`);
}

/** What computes a witness also writes to the console, and it computes with secrets. */
function silence(): void {
  for (const name of ['debug', 'error', 'info', 'log', 'warn'] as const) globalThis.console[name] = () => {};
}
