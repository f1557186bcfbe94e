/** The control: plain Node that answers as the pool would, at once and without looking: what the flood alone costs. */
import { createServer } from 'node:http';

const ANSWERS: Record<string, unknown> = {
  '/health': { status: 'ok' },
  '/pool/challenge': { track: process.argv[2], round_id: 'control' },
  '/pool/submit': { status: 'invalid', reason: 'not_enough_bits' },
};

const server = createServer((request, response) => {
  request.resume();
  request.once('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(ANSWERS[request.url ?? ''] ?? {}));
  });
});
server.listen(0, '127.0.0.1', () => process.send?.(Object(server.address()).port));
process.once('disconnect', () => process.exit(0));
