import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Copy } from '../../parts/copy.jsx';
import { Dialog } from '../../parts/dialog.jsx';
import { Field } from '../../parts/field.jsx';
import { text } from '../../text/text.js';
import type { Desk } from './model/desk.js';

export interface WhoProps {
  desk: Desk;
  /** Of the peer. */
  name: string;
  open: boolean;
  onClose: () => void;
}

/** A peer: its name here, its address, and the digits by which two people know that they write to each other. */
export function Who(props: WhoProps): JSX.Element {
  return (
    <Dialog title={text.messages.who.title} open={props.open} onClose={props.onClose}>
      <Inside {...props} />
    </Dialog>
  );
}

function Inside(props: WhoProps): JSX.Element {
  const conversation = () => props.desk.state.conversations[props.name];
  const [called, setCalled] = createSignal(conversation()?.called ?? '');
  const [safety] = createResource(
    () => props.desk.safetyNumber(props.name),
    // Shown where it is ready; the dialog does not wait.
    { initialValue: undefined },
  );
  const groups = () => safety.latest?.match(/\d{5}/g) ?? [];
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void props.desk.call(props.name, called()).then(props.onClose);
        }}
      >
        <Field
          label={text.messages.who.called}
          value={called()}
          maxLength={60}
          onInput={setCalled}
          after={<Button submit>{text.messages.who.save}</Button>}
        />
      </form>
      <div class="stack">
        <h3>{text.messages.who.address}</h3>
        <div class="secret">
          <code>{conversation()?.address}</code>
          <Copy value={conversation()?.address ?? ''} what={text.messages.own.address} />
        </div>
      </div>
      <div class="stack">
        <h3>{text.messages.who.safety}</h3>
        <Show when={groups().length > 0} fallback={<p class="quiet">{text.messages.who.noSafety}</p>}>
          <p class="safety mono">
            <For each={groups()}>{(group) => <span>{group} </span>}</For>
          </p>
          <p class="quiet">{text.messages.who.safetyAbout}</p>
        </Show>
      </div>
    </>
  );
}
