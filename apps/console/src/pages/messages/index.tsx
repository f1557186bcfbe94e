import { type JSX, Match, onMount, Switch } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { Arrival } from './arrival.jsx';
import { wordsOf } from './fault.js';
import { again, type Stage, stage, start, takeOver } from './model/stage.js';
import { Office } from './office.jsx';
import './messages.css';

export default function Messages(): JSX.Element {
  onMount(() => void start());
  const open = () => only('open', stage());
  return (
    <Switch>
      {/* Anew for each desk: after a burn that failed there is another one. */}
      <Match when={open()} keyed>
        {({ desk, fault }) => <Office desk={desk} fault={fault} />}
      </Match>
      <Match when={open() === undefined}>
        <Page title={text.messages.title} lead={text.messages.lead}>
          <Switch fallback={<Arrival />}>
            <Match when={stage().kind === 'opening'}>
              <p class="quiet">{text.messages.opening}</p>
            </Match>
            <Match when={stage().kind === 'elsewhere'}>
              <Notice title={text.messages.elsewhere.title}>
                <p>{text.messages.elsewhere.about}</p>
                <Button onClick={() => void takeOver()}>{text.messages.elsewhere.takeOver}</Button>
              </Notice>
            </Match>
            <Match when={only('failed', stage())}>
              {(it) => (
                <Notice kind="bad" title={text.messages.failed}>
                  <p>{wordsOf(it().fault)}</p>
                  <Button onClick={() => void again()}>{text.messages.again}</Button>
                </Notice>
              )}
            </Match>
          </Switch>
        </Page>
      </Match>
    </Switch>
  );
}

function only<Kind extends Stage['kind']>(
  kind: Kind,
  now: Stage,
): Extract<Stage, { kind: Kind }> | undefined {
  return isOf(kind, now) ? now : undefined;
}

function isOf<Kind extends Stage['kind']>(kind: Kind, now: Stage): now is Extract<Stage, { kind: Kind }> {
  return now.kind === kind;
}
