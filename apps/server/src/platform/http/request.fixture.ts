import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

/** For tests: a request as Node hands it over, from a peer that no real socket could dial from. */
export function requestFrom(
  remote: string | undefined,
  headers: Record<string, string> = {},
): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remote });
  const request = new IncomingMessage(socket);
  Object.assign(request.headers, headers);
  return request;
}
