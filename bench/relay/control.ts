/**
 * The control: what Node and ws cost alone. It speaks just enough of the protocol for the same generator and
 * sends frames of the same size, but checks nothing, stores nothing and delays nothing.
 */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

const FRAME = 1536;

type Frame = {
  type: string;
  payload: { identity_hash: string; to: string; id: number; body: unknown };
};

const sockets = new Map<string, WebSocket>();
let messages = 0;

const server = createServer((_, response) => {
  const challenge = { seed: '0'.repeat(64), difficulty: 0, unit: 'bits', expires_at_ms: Date.now() + 60_000 };
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(padded(challenge));
});

const wss = new WebSocketServer({ server, path: '/ws', perMessageDeflate: false });
wss.on('connection', (socket) => {
  socket.on('message', (data: Buffer) => {
    // The generator of this bench is the only peer.
    const { type, payload } = JSON.parse(data.toString()) as Frame;
    if (type === 'auth') {
      const { identity_hash } = payload;
      sockets.set(identity_hash, socket);
      socket.once('close', () => sockets.delete(identity_hash));
      socket.send(padded({ type: 'auth_success', identity_hash }));
    }
    if (type === 'relay') {
      const { to, id, body } = payload;
      messages += 1;
      const made = messages.toString(16).padStart(32, '0');
      sockets.get(to)?.send(padded({ type: 'msg', id: made, payload: body }));
      socket.send(padded({ type: 'delivery_status', target: to, id, status: 'delivered' }));
    }
  });
});

function padded(frame: object): Buffer {
  const text = JSON.stringify(frame);
  const data = Buffer.alloc(Math.ceil(text.length / FRAME) * FRAME, ' ');
  data.write(text);
  return data;
}

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object') process.send?.(address?.port);
});
process.once('disconnect', () => process.exit());
