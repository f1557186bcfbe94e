import type { Addresses } from '../../../platform/http/addresses.js';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendAllowance, sendRefusal } from '../../../platform/http/reply.js';
import type { Bucket } from '../../../platform/volatile/volatile.js';
import type { Identity } from '../identity.js';

/** Counts every request of these routes against its address, before anything of it is looked at. */
export function limitByAddress(
  app: HttpApp,
  { limits }: Identity,
  addresses: Addresses,
  bucket: Bucket,
): void {
  app.addHook('onRequest', async (request, reply) => {
    const { refusal, allowance } = await limits.address(addresses.of(request.raw), bucket);
    if (refusal !== null) return sendRefusal(reply, refusal);
    sendAllowance(reply, allowance);
    return undefined;
  });
}
