import { type Refusal, refuse } from '@blindpost/protocol/errors';
import {
  MAX_FRAME,
  Multicast,
  MulticastAnswer,
  Send,
  Sent,
  WorkHeaders,
  workContext,
} from '@blindpost/protocol/relay';
import type { Addresses } from '../../../platform/http/addresses.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { type Outgoing, send, sendEach, textPayload } from '../commands/send.js';
import type { Relay } from '../relay.js';
import { payWith } from './work.js';

/** `POST /relay`, `POST /relay/multicast`: sending without a socket and without an identity, for work alone. */
export function mountSend(app: HttpApp, relay: Relay, addresses: Addresses): void {
  app.post(
    '/relay',
    { bodyLimit: MAX_FRAME, schema: { headers: WorkHeaders, body: Send, response: { 200: Sent } } },
    async ({ headers, body: { to, body, id }, raw }, reply) => {
      if (body === null) return sendRefusal(reply, bodyRequired('body'));
      const unpaid = await payWith(relay, headers, { type: 'relay' }, to);
      if (unpaid !== null) return sendRefusal(reply, unpaid);
      const payload = textPayload(body);
      if (!payload.ok) return sendRefusal(reply, payload);
      const sender = relay.names.address(addresses.of(raw));
      const result = await send(relay, { to, kind: 'text', type: 'msg', payload: payload.bytes, sender });
      if (!result.ok) return sendRefusal(reply, result);
      return reply.send({ status: result.status, id: id ?? relay.random.hex(16) });
    },
  );

  app.post(
    '/relay/multicast',
    {
      bodyLimit: MAX_FRAME,
      schema: { headers: WorkHeaders, body: Multicast, response: { 200: MulticastAnswer } },
    },
    async ({ headers, body, raw }, reply) => {
      const targets = targetsOf(body);
      if (!Array.isArray(targets)) return sendRefusal(reply, targets);
      const context = workContext.multicast(targets.map(({ to }) => to));
      const unpaid = await payWith(relay, headers, { type: 'relay' }, context);
      if (unpaid !== null) return sendRefusal(reply, unpaid);
      const address = addresses.of(raw);
      // One target is paid by the request itself; the others cost like requests of their own.
      const { refusal } = await relay.limits.address(address, relay.buckets.requests, targets.length - 1);
      if (refusal !== null) return sendRefusal(reply, refusal);
      const sender = relay.names.address(address);
      const messages: Outgoing[] = [];
      for (const { to, body: each } of targets) {
        const payload = textPayload(each);
        if (!payload.ok) return sendRefusal(reply, payload);
        messages.push({ to, kind: 'text', type: 'sealed_message', payload: payload.bytes, sender });
      }
      const results = await sendEach(relay, messages);
      return reply.send({ status: 'success' as const, results });
    },
  );
}

function targetsOf({ targets, recipients, body }: Multicast): { to: string; body: unknown }[] | Refusal {
  if ((targets === undefined) === (recipients === undefined)) {
    return refuse(
      'ERR_MALFORMED',
      { field: 'targets' },
      'Exactly one of targets and recipients is required.',
    );
  }
  const each = targets ?? (recipients ?? []).map((to) => ({ to, body }));
  const empty = each.findIndex((target) => target.body === undefined || target.body === null);
  if (empty === -1) return each;
  return bodyRequired(targets === undefined ? 'body' : `targets.${empty}.body`);
}

function bodyRequired(field: string): Refusal {
  return refuse('ERR_MALFORMED', { field }, `${field} is required.`);
}
