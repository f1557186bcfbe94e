import { createSignal, createUniqueId, type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { text } from '../../text/text.js';
import { faultOf } from './fault.js';
import type { Desk } from './model/desk.js';

/** Where letters are written. What is not sent yet is still there when the conversation is opened again. */
export function Composer(props: { desk: Desk; name: string; called: string }): JSX.Element {
  const id = createUniqueId();
  const [written, setWritten] = createSignal(props.desk.drafts.get(props.name) ?? '');
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<string>();
  let field: HTMLTextAreaElement | undefined;

  const write = (value: string): void => {
    setWritten(value);
    props.desk.drafts.set(props.name, value);
  };
  const send = async (): Promise<void> => {
    const letter = written().trim();
    if (letter === '' || busy()) return;
    setBusy(true);
    setFault(undefined);
    try {
      await props.desk.send(props.name, letter);
      write('');
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
      field?.focus();
    }
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <label class="unseen" for={id}>
        {text.messages.composer.label(props.called)}
      </label>
      <textarea
        id={id}
        ref={field}
        rows={1}
        dir="auto"
        placeholder={text.messages.composer.placeholder}
        value={written()}
        readOnly={busy()}
        aria-describedby={`${id}-said`}
        aria-invalid={fault() !== undefined}
        onInput={(event) => write(event.currentTarget.value)}
        onKeyDown={(event) => {
          // Enter also ends the composition of a character.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          void send();
        }}
      />
      <Button kind="main" submit disabled={written().trim() === '' || busy()}>
        {text.messages.composer.send}
      </Button>
      <p
        id={`${id}-said`}
        class={fault() === undefined ? 'hint' : 'fault'}
        role={fault() === undefined ? undefined : 'alert'}
      >
        <Show when={fault()} fallback={text.messages.composer.hint}>
          {fault()}
        </Show>
      </p>
    </form>
  );
}
