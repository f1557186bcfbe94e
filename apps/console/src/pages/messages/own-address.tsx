import { createSignal, type JSX } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Copy } from '../../parts/copy.jsx';
import { Dialog } from '../../parts/dialog.jsx';
import { text } from '../../text/text.js';
import { Burn } from './burn.jsx';
import { Code } from './code.jsx';
import type { Desk } from './model/desk.js';
import { invitation, nextWindow, profile } from './model/profile.js';

/** The own address, to be handed over; and the end of it. */
export function OwnAddress(props: { desk: Desk; open: boolean; onClose: () => void }): JSX.Element {
  const [burning, setBurning] = createSignal(false);
  const link = () => `${location.origin}/${invitation(props.desk.address)}`;
  const another = () => window.open(nextWindow(profile, props.desk.address), '_blank', 'noopener');
  return (
    <>
      <Dialog title={text.messages.own.title} open={props.open} onClose={props.onClose}>
        <p class="quiet">{text.messages.own.about}</p>
        <Code of={link()} label={text.messages.own.code} />
        <div class="secret">
          <code>{props.desk.address}</code>
          <Copy value={props.desk.address} what={text.messages.own.address} />
        </div>
        <div class="secret">
          <code>{link()}</code>
          <Copy value={link()} what={text.messages.own.link} />
        </div>
        <div class="stack">
          <Button onClick={another}>{text.messages.own.another}</Button>
          <p class="quiet">{text.messages.own.anotherHint}</p>
        </div>
        <Button
          kind="bad"
          onClick={() => {
            props.onClose();
            setBurning(true);
          }}
        >
          {text.messages.burn.button}
        </Button>
      </Dialog>
      <Burn desk={props.desk} open={burning()} onClose={() => setBurning(false)} />
    </>
  );
}
