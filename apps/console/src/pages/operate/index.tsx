import { type JSX, Show } from 'solid-js';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { Board } from './board.jsx';
import { KeyGate } from './key-gate.jsx';
import './operate.css';
import { desk } from './session.js';

/** How the server does, and its registry, for whoever has the operator's key. */
export default function Operate(): JSX.Element {
  return (
    <Page title={text.operate.title} lead={text.operate.lead}>
      <Show when={desk()} fallback={<KeyGate />}>
        {(opened) => <Board desk={opened()} />}
      </Show>
    </Page>
  );
}
