import type { Overview } from '@blindpost/protocol/overview';
import { createEffect, createMemo, createSignal, type JSX, Match, on, Show, Switch } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Notice } from '../../parts/notice.jsx';
import { text } from '../../text/text.js';
import { Attesters } from './attesters.jsx';
import { Audit } from './audit.jsx';
import { Courses } from './courses.jsx';
import type { Desk } from './desk.js';
import { moment } from './figures.js';
import { Limits } from './limits.jsx';
import { Money } from './money.jsx';
import { Queues } from './queues.jsx';
import { fault, leave, look, overview } from './session.js';
import { State } from './state.jsx';
import { whileVisible } from './watch.js';

const EVERY_MS = 2_000;

/** Everything an operator sees, as new as two seconds while the page is looked at. */
export function Board(props: { desk: Desk }): JSX.Element {
  whileVisible(EVERY_MS, look);
  return (
    <>
      <Fresh />
      <Show when={overview()}>{(told) => <Told told={told()} desk={props.desk} />}</Show>
    </>
  );
}

/** Whether what is seen is of now, and the way out. */
function Fresh(): JSX.Element {
  const words = text.operate.fresh;
  const [since, setSince] = createSignal('');
  const well = createMemo(() => fault() === null);
  createEffect(on(well, () => setSince(moment(Date.now()))));
  return (
    <div class="fresh">
      <Switch fallback={<p class="quiet live">{words.live}</p>}>
        <Match when={fault()?.kind === 'key'}>
          <Notice kind="bad" title={words.keyEnded} />
        </Match>
        <Match when={fault()}>
          <Notice kind="bad" title={words.away(since())}>
            <p>{words.goesOn}</p>
          </Notice>
        </Match>
      </Switch>
      <Button onClick={leave}>{words.leave}</Button>
    </div>
  );
}

function Told(props: { told: Overview; desk: Desk }): JSX.Element {
  return (
    <div class="board">
      <State told={props.told} />
      <Courses services={props.told.services} requests={props.told.requests} />
      <Queues services={props.told.services} />
      <Show when={props.told.services.pool}>{(pool) => <Money pool={pool()} />}</Show>
      <Limits limits={props.told.limits} />
      <Show when={props.told.services.identity}>
        {(identity) => (
          <>
            <Attesters desk={props.desk} identity={identity()} />
            <Audit desk={props.desk} head={identity().audit} />
          </>
        )}
      </Show>
    </div>
  );
}
