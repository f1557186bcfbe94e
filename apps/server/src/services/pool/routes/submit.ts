import { Submit, SubmitAnswer } from '@blindpost/protocol/pool';
import Type from 'typebox';
import type { HttpApp } from '../../../platform/http/http.js';
import { submit } from '../commands/submit.js';
import type { Pool } from '../pool.js';
import { minerOf } from './miner.js';
import { sendPoolRefusal } from './refusal.js';

const Headers = Type.Object({ 'x-pow-secret': Type.Optional(Type.String()) });

/** `POST /submit`: a nonce for the round this miner works on. */
export function mountSubmit(app: HttpApp, pool: Pool): void {
  app.post(
    '/submit',
    { schema: { headers: Headers, body: Submit, response: { 200: SubmitAnswer } } },
    async (request, reply) => {
      const secret = request.headers['x-pow-secret'];
      const result = await submit(pool, minerOf(request), request.body, secret);
      if (result.ok) {
        pool.counted(result.answer.status);
        return reply.send(result.answer);
      }
      pool.counted('refused');
      return sendPoolRefusal(reply, result);
    },
  );
}
