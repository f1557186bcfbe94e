import { createResource, type JSX, onCleanup, Show } from 'solid-js';
import { AttestationStep } from './attestation-step.jsx';
import { Desk } from './desk.js';
import { EntityStep } from './entity-step.jsx';
import './prove.css';
import { ProofStep } from './proof-step.jsx';
import { TypeStep } from './type-step.jsx';
import { VerdictStep } from './verdict-step.jsx';

/** From an entity to a proof that a server has used up; each step shows when the one before it is done. */
export default function Steps(): JSX.Element {
  const [opened] = createResource(() => Desk.open());
  onCleanup(() => opened.latest?.close());
  return (
    <Show when={opened()} keyed>
      {(desk) => (
        <>
          <EntityStep desk={desk} />
          <Show when={desk.entity} keyed>
            {(entity) => (
              <>
                <TypeStep desk={desk} />
                <AttestationStep desk={desk} entity={entity} />
                <Show when={desk.attestation} keyed>
                  {(attestation) => <ProofStep desk={desk} entity={entity} attestation={attestation} />}
                </Show>
                <Show when={desk.proof.value} keyed>
                  {(proof) => <VerdictStep desk={desk} proof={proof} />}
                </Show>
              </>
            )}
          </Show>
        </>
      )}
    </Show>
  );
}
