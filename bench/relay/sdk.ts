import { Identity, RelayClient, RelayError } from '@blindpost/client/relay';
import type { Endpoint, EndpointEvents, EndpointOptions } from './endpoint.js';
import { readStamp, stampedBody } from './stamp.js';

/** The project's own client: what an application pays, where `raw` shows what the server can do. */
export async function openSdk({ url }: EndpointOptions, events: EndpointEvents): Promise<Endpoint> {
  let to = '';
  let closing = false;
  const client = new RelayClient({
    url,
    identity: Identity.create(),
    rate: false,
    onMessage: ({ body }) => {
      if (typeof body === 'string') readStamp(Buffer.from(body, 'latin1'), events.received);
    },
    onState: (state) => {
      if (!closing && state !== 'open' && state !== 'connecting') events.dropped(0);
    },
  });
  await client.connect();
  return {
    hash: client.hash,
    address(recipient) {
      to = recipient;
    },
    send(sequence) {
      client.send(to, stampedBody(sequence, performance.now())).then(
        () => events.answered(null),
        (error: unknown) => events.answered(error instanceof RelayError ? error.code : 'unknown'),
      );
    },
    // The client batches them by itself.
    acknowledge() {},
    close() {
      closing = true;
      return client.close();
    },
  };
}
