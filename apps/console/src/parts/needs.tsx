import { type JSX, Match, Switch } from 'solid-js';
import { askAgain, type ServiceName, served } from '../shell/services.js';
import { text } from '../text/text.js';
import { Button } from './button.jsx';
import { Notice } from './notice.jsx';

/** Shows its content where the server serves this; says what is missing where it does not. */
export function Needs(props: { service: ServiceName; children: JSX.Element }): JSX.Element {
  const name = () => text.shell.serviceNames[props.service];
  return (
    <Switch fallback={props.children}>
      <Match when={served.loading}>
        <p class="quiet">{text.shell.loading}</p>
      </Match>
      <Match when={served() === null}>
        <Notice kind="bad" title={text.shell.unreachable}>
          <Button onClick={askAgain}>{text.shell.again}</Button>
        </Notice>
      </Match>
      <Match when={served()?.[props.service] === undefined}>
        <Notice title={text.shell.notServed(name())}>
          <p>{text.shell.howToServe}</p>
        </Notice>
      </Match>
      <Match when={served()?.[props.service] === 'degraded'}>
        <Notice kind="bad" title={text.shell.degraded(name())} />
        {props.children}
      </Match>
    </Switch>
  );
}
