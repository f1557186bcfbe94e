import { createResource, type JSX, onCleanup, Show } from 'solid-js';
import { Needs } from '../../parts/needs.jsx';
import { Page } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { AttestationStep } from './attestation-step.jsx';
import { Desk } from './desk.js';
import { EntityStep } from './entity-step.jsx';
import './prove.css';
import { ProofStep } from './proof-step.jsx';
import { TypeStep } from './type-step.jsx';
import { VerdictStep } from './verdict-step.jsx';

/** From an entity to a proof that a server has used up; each step shows when the one before it is done. */
export default function Prove(): JSX.Element {
  const [opened] = createResource(() => Desk.open());
  onCleanup(() => opened.latest?.close());
  return (
    <Page title={text.prove.title} lead={text.prove.lead}>
      <Needs service="identity">
        <Show when={opened()}>{(desk) => <Steps desk={desk()} />}</Show>
      </Needs>
    </Page>
  );
}

function Steps(props: { desk: Desk }): JSX.Element {
  return (
    <>
      <EntityStep desk={props.desk} />
      <Show when={props.desk.entity} keyed>
        {(entity) => (
          <>
            <TypeStep desk={props.desk} />
            <AttestationStep desk={props.desk} entity={entity} />
            <Show when={props.desk.attestation} keyed>
              {(attestation) => <ProofStep desk={props.desk} entity={entity} attestation={attestation} />}
            </Show>
            <Show when={props.desk.proof.value} keyed>
              {(proof) => <VerdictStep desk={props.desk} proof={proof} />}
            </Show>
          </>
        )}
      </Show>
    </>
  );
}
