import { createSignal, type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import type { Fault } from './desk.js';
import { open } from './session.js';

/** Asks for the operator's key. */
export function KeyGate(): JSX.Element {
  const words = text.operate.gate;
  const [key, setKey] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<Fault | null>(null);
  const tryKey = async (): Promise<void> => {
    if (busy() || key() === '') return;
    setBusy(true);
    setFault(await open(key()));
    setBusy(false);
  };
  const said = () => {
    const wrong = fault();
    if (wrong?.kind === 'key') return words.wrong;
    return wrong?.kind === 'wait' ? words.tooOften(wrong.seconds) : undefined;
  };
  return (
    <Section title={words.title}>
      <form
        class="stack gate"
        onSubmit={(event) => {
          event.preventDefault();
          void tryKey();
        }}
      >
        <Field
          label={words.key}
          type="password"
          autocomplete="off"
          mono
          value={key()}
          onInput={(value) => {
            setKey(value);
            setFault(null);
          }}
          hint={words.hint}
          error={said()}
          after={
            <Button submit kind="main" busy={busy()} disabled={key() === ''}>
              {words.open}
            </Button>
          }
        />
        <Show when={fault()?.kind === 'away'}>
          <Notice kind="bad" title={text.shell.unreachable} />
        </Show>
      </form>
    </Section>
  );
}
