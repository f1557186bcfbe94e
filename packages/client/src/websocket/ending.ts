import type { ErrorDetails } from '@blindpost/protocol/errors';
import type { Ending } from './socket.js';

/** What the end of a socket tells that never came to work. */
export function endingDetails({ code, status, retryAfter }: Ending): ErrorDetails {
  return {
    closeCode: code,
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}
