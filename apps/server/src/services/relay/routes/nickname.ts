import { refuse } from '@blindpost/protocol/errors';
import {
  MAX_LOOKUPS,
  NicknameClaim,
  NicknameClaimed,
  type NicknameEntries,
  type NicknameEntry,
  NicknameQuery,
  WorkHeaders,
} from '@blindpost/protocol/relay';
import type { Static } from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { sendRefusal } from '../../../platform/http/reply.js';
import { registerNickname } from '../commands/register-nickname.js';
import type { Relay } from '../relay.js';
import { payWith } from './work.js';

/** `POST /nickname/register`, `GET /nickname/lookup` */
export function mountNickname(app: HttpApp, relay: Relay): void {
  app.post(
    '/nickname/register',
    { schema: { headers: WorkHeaders, body: NicknameClaim, response: { 200: NicknameClaimed } } },
    async ({ headers, body }, reply) => {
      const { nickname, identity_hash } = body;
      const unpaid = await payWith(
        relay,
        headers,
        { type: 'registration', nickname },
        nickname,
        identity_hash,
      );
      if (unpaid !== null) return sendRefusal(reply, unpaid);
      const result = await registerNickname(relay, body, headers['x-pow-seed'] ?? '');
      return result.ok ? reply.send({ status: 'success' as const, nickname }) : sendRefusal(reply, result);
    },
  );

  app.get('/nickname/lookup', { schema: { querystring: NicknameQuery } }, async ({ query }, reply) => {
    const field = query.nick === undefined ? 'name' : 'nick';
    const nicknames = [...new Set((query.nick ?? query.name ?? '').split(','))];
    if (
      nicknames.length > MAX_LOOKUPS ||
      !nicknames.every((nickname) => /^[A-Za-z0-9_-]{3,32}$/.test(nickname))
    ) {
      const expected = `${field} must be 1 to ${MAX_LOOKUPS} nicknames, comma-separated.`;
      return sendRefusal(reply, refuse('ERR_MALFORMED', { field }, expected));
    }
    const found: [string, NicknameEntry][] = [];
    for (const nickname of nicknames) {
      const sealed = await relay.store.lookupNickname(relay.names.nickname(nickname));
      const entry = sealed === null ? null : relay.sealer.open(sealed);
      if (entry !== null) found.push([nickname, JSON.parse(entry)]);
    }
    if (nicknames.length > 1)
      return reply.send(Object.fromEntries(found) satisfies Static<typeof NicknameEntries>);
    const entry = found[0]?.[1];
    return entry === undefined ? sendRefusal(reply, refuse('ERR_NOT_FOUND', { field })) : reply.send(entry);
  });
}
