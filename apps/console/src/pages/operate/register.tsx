import type { EntityTypes, RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import { createMemo, createResource, createSignal, For, type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { text } from '../../text/text.js';
import type { Desk, Fault } from './desk.js';
import { saidOf } from './said.js';

/** Registers an attester whose key the server makes and keeps. */
export function Register(props: {
  desk: Desk;
  onDone: (answer: RegisterAttesterAnswer) => void;
}): JSX.Element {
  const words = text.operate.register;
  const [types] = createResource(() => props.desk.types());
  const [id, setId] = createSignal('');
  const [name, setName] = createSignal('');
  const [contact, setContact] = createSignal('');
  const [chosen, setChosen] = createSignal<readonly string[]>([]);
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<Fault | null>(null);
  const complete = () => id() !== '' && name() !== '' && chosen().length > 0;
  const errorOf = (field: string): string | undefined => {
    const wrong = fault();
    return wrong?.kind === 'refused' && wrong.field === field ? wrong.message : undefined;
  };
  const known = createMemo(() => {
    const answer = types();
    return answer?.ok === true ? answer.value : null;
  });
  const register = async (): Promise<void> => {
    if (busy() || !complete()) return;
    setBusy(true);
    const about = contact() === '' ? {} : { contact: contact() };
    const answer = await props.desk.register({
      id: id(),
      name: name(),
      allowedTypes: [...chosen()],
      ...about,
    });
    setBusy(false);
    if (answer.ok) props.onDone(answer.value);
    else setFault(answer.fault);
  };
  const choose = (code: string, on: boolean): void => {
    setChosen((codes) => (on ? [...codes, code] : codes.filter((each) => each !== code)));
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void register();
      }}
    >
      <Field
        label={words.id}
        hint={words.idHint}
        value={id()}
        onInput={setId}
        error={errorOf('id')}
        mono
        required
        maxLength={64}
      />
      <Field
        label={words.name}
        value={name()}
        onInput={setName}
        error={errorOf('name')}
        required
        maxLength={128}
      />
      <Field
        label={words.contact}
        hint={words.contactHint}
        value={contact()}
        onInput={setContact}
        error={errorOf('contact')}
        maxLength={256}
      />
      <Show when={known()} fallback={<p class="quiet">{text.shell.loading}</p>}>
        {(told) => <Types told={told()} chosen={chosen()} onChoose={choose} />}
      </Show>
      <Show when={fault()}>{(wrong) => <Notice kind="bad" title={saidOf(wrong())} />}</Show>
      <Button submit kind="main" busy={busy()} disabled={!complete()}>
        {words.submit}
      </Button>
    </form>
  );
}

function Types(props: {
  told: EntityTypes;
  chosen: readonly string[];
  onChoose: (code: string, on: boolean) => void;
}): JSX.Element {
  const words = text.operate.register;
  return (
    <fieldset class="types">
      <legend>{words.types}</legend>
      <For each={Object.entries(props.told.categories)}>
        {([category, title]) => (
          <div class="stack">
            <span class="quiet">{title}</span>
            <For each={props.told.types.filter((type) => type.category === category)}>
              {(type) => (
                <label class="tick">
                  <input
                    type="checkbox"
                    checked={props.chosen.includes(type.code)}
                    onChange={(event) => props.onChoose(type.code, event.currentTarget.checked)}
                  />
                  <span>
                    {type.name} <code>{type.code}</code>
                  </span>
                </label>
              )}
            </For>
          </div>
        )}
      </For>
    </fieldset>
  );
}
