import { Agent, request } from 'node:http';

export type Answer = { status: number; body: unknown; ms: number };

/** One connection that is kept, from one address of this machine. */
export class Connection {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;
  readonly #localAddress: string;

  /** @param localAddress any of 127/8, so that one machine can be many addresses */
  constructor(url: string, localAddress: string) {
    this.#url = url;
    this.#localAddress = localAddress;
  }

  send(path: string, options: { token?: string; body?: unknown } = {}): Promise<Answer> {
    const text = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers: Record<string, string> = {};
    if (text !== undefined) headers['content-type'] = 'application/json';
    if (options.token !== undefined) headers.authorization = `Bearer ${options.token}`;
    const began = performance.now();
    return new Promise((resolve, reject) => {
      const { localAddress } = { localAddress: this.#localAddress };
      const method = text === undefined ? 'GET' : 'POST';
      const sent = request(`${this.#url}${path}`, { agent: this.#agent, method, headers, localAddress });
      sent.on('error', reject);
      sent.on('response', (response) => {
        let said = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          said += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          const body: unknown = said === '' ? null : JSON.parse(said);
          resolve({ status: response.statusCode ?? 0, body, ms: performance.now() - began });
        });
      });
      sent.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}
