import type { Entity } from '@blindpost/client/identity';
import { createSignal, type JSX, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Copy } from '../../parts/copy.jsx';
import { Dialog } from '../../parts/dialog.jsx';
import { Field } from '../../parts/field.jsx';
import { Section } from '../../parts/page.jsx';
import { Secret } from '../../parts/secret.jsx';
import { text } from '../../text/text.js';
import { Attempt } from './attempt.js';
import type { Desk } from './desk.js';

const words = text.prove.entity;

/** Who proves: a secret that stays in this browser, and the commitment that is its public name. */
export function EntityStep(props: { desk: Desk }): JSX.Element {
  return (
    <Section title={words.title}>
      <Show when={props.desk.entity} keyed fallback={<Begin desk={props.desk} />}>
        {(entity) => <Known desk={props.desk} entity={entity} />}
      </Show>
    </Section>
  );
}

function Begin(props: { desk: Desk }): JSX.Element {
  const [secret, setSecret] = createSignal('');
  const attempt = new Attempt();
  return (
    <>
      <p>{words.about}</p>
      <div class="actions">
        <Button kind="main" busy={attempt.busy} onClick={() => void attempt.run(() => props.desk.begin())}>
          {words.create}
        </Button>
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void attempt.run(() => props.desk.begin(secret().trim()));
        }}
      >
        <Field
          label={words.secret}
          type="password"
          mono
          value={secret()}
          onInput={setSecret}
          hint={words.secretHint}
          error={attempt.fault === undefined ? undefined : words.noSecret}
          after={
            <Button submit disabled={secret().trim() === ''} busy={attempt.busy}>
              {words.import}
            </Button>
          }
        />
      </form>
    </>
  );
}

function Known(props: { desk: Desk; entity: Entity }): JSX.Element {
  const [asked, setAsked] = createSignal(false);
  const attempt = new Attempt();
  const forget = (): void => {
    setAsked(false);
    void attempt.run(() => props.desk.forget());
  };
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{words.commitment}</dt>
          <dd>
            <code>{props.entity.commitment}</code>
            <Copy value={props.entity.commitment} what={words.commitment} />
          </dd>
        </div>
        <div>
          <dt>{words.secret}</dt>
          <dd>
            <Secret value={props.entity.exportSecret()} what={words.secret} />
          </dd>
        </div>
      </dl>
      <p class="quiet">{words.keep}</p>
      <div class="actions">
        <Button kind="bad" busy={attempt.busy} onClick={() => setAsked(true)}>
          {words.forget}
        </Button>
      </div>
      <Dialog
        title={words.forgetTitle}
        open={asked()}
        onClose={() => setAsked(false)}
        actions={
          <Button kind="bad" onClick={forget}>
            {words.forget}
          </Button>
        }
      >
        <p>{words.forgetAbout}</p>
      </Dialog>
    </>
  );
}
