import type { Page } from '@blindpost/testbed/chromium';

/** Everything that a window sends and is sent, as text. */
export interface WireRecord {
  readonly parts: readonly string[];
}

export function recordWire(page: Page): WireRecord {
  const parts: string[] = [];
  const keep = ({ payload }: { payload: string | Buffer }): void => {
    // Binary frames byte by byte, so that text inside of them is found as well.
    parts.push(typeof payload === 'string' ? payload : payload.toString('latin1'));
  };
  page.on('request', (request) => {
    parts.push(`${request.method()} ${request.url()}`, JSON.stringify(request.headers()));
    const body = request.postDataBuffer();
    if (body !== null) parts.push(body.toString('latin1'));
  });
  page.on('websocket', (socket) => {
    parts.push(socket.url());
    socket.on('framesent', keep);
    socket.on('framereceived', keep);
  });
  return { parts };
}
