import { connect, type Socket } from 'node:net';

const END_OF_HEAD = '\r\n\r\n';

/**
 * One kept connection that posts sends made before: the only difference between two of them is a number of twelve
 * digits in `clientMessageId`, which is written in place. It reads no more of an answer than it must.
 */
export class Sender {
  readonly #request: Buffer;
  readonly #digits: number;
  #received = '';
  #answered: (status: number) => void = () => undefined;

  private constructor(
    readonly socket: Socket,
    url: string,
    token: string,
    recipientId: string,
    material: Material,
  ) {
    const body = JSON.stringify({ recipientId, ...material, clientMessageId: numbered(0) });
    const head = [
      'POST /api/e2ee/messages HTTP/1.1',
      `host: ${new URL(url).host}`,
      `authorization: Bearer ${token}`,
      'content-type: application/json',
      `content-length: ${body.length}`,
    ].join('\r\n');
    this.#request = Buffer.from(`${head}${END_OF_HEAD}${body}`);
    this.#digits = this.#request.indexOf(numbered(0));
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => this.#read(text));
  }

  static open(url: string, token: string, recipientId: string, material: Material): Promise<Sender> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const socket = connect(Number(port), hostname, () =>
        resolve(new Sender(socket, url, token, recipientId, material)),
      );
      socket.once('error', reject);
    });
  }

  /** Answers the status. */
  send(number: number): Promise<number> {
    this.#request.write(numbered(number), this.#digits, 'latin1');
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.socket.write(this.#request);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const head = this.#received.indexOf(END_OF_HEAD);
    if (head < 0) return;
    const length = Number(/content-length: (\d+)/i.exec(this.#received)?.[1]);
    if (this.#received.length < head + END_OF_HEAD.length + length) return;
    const status = Number(this.#received.slice(9, 12));
    this.#received = '';
    this.#answered(status);
  }
}

/** What every send carries. */
export type Material = { ciphertext: string; header: string };

export function numbered(number: number): string {
  return String(number).padStart(12, '0');
}
