import type { Attested, Entity, ProofProgress } from '@blindpost/client/identity';
import { createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { text } from '../../text/text.js';
import { Attempt } from './attempt.js';
import type { Desk } from './desk.js';

const words = text.prove.proof;
const MEGABYTE = 1_000_000;
/** What a proof goes through; the prover tells of all but the first. */
const PHASES = ['registry', 'download', 'load', 'witness', 'polynomials', 'points'] as const;
type Progress = ProofProgress | { phase: 'registry'; done: 0 };

export interface ProofStepProps {
  desk: Desk;
  entity: Entity;
  attestation: Attested;
}

/** Makes the proof, in a worker of this page: what it is made of stays here. */
export function ProofStep(props: ProofStepProps): JSX.Element {
  const [context, setContext] = createSignal(String(Date.now()));
  const [progress, setProgress] = createSignal<Progress>();
  const attempt = new Attempt();
  let under: AbortController | undefined;
  // Whoever leaves the page does not wait for the proof.
  onCleanup(() => under?.abort());

  const prove = async (): Promise<void> => {
    under = new AbortController();
    const { signal } = under;
    props.desk.proof.value = undefined;
    setProgress({ phase: 'registry', done: 0 });
    try {
      // The registry may have grown since; the path is built here, so that nobody learns which attester it was.
      const attestation = await props.desk.identity.renew(props.attestation, { signal });
      const proof = await props.entity.prove({
        attestation,
        contextId: context(),
        signal,
        onProgress: setProgress,
      });
      props.desk.proof.value = proof;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      setProgress(undefined);
    }
  };

  return (
    <Section title={words.title}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt.run(prove);
        }}
      >
        <Field
          label={words.context}
          value={context()}
          onInput={setContext}
          hint={words.contextHint}
          maxLength={1024}
          required
          disabled={attempt.busy}
        />
        <div class="actions">
          <Button submit kind="main" busy={attempt.busy} disabled={context() === ''}>
            {words.prove}
          </Button>
          <Show when={attempt.busy}>
            <Button onClick={() => under?.abort()}>{words.cancel}</Button>
          </Show>
        </div>
      </form>
      <Show when={progress()}>{(now) => <Course progress={now()} />}</Show>
      <Show when={attempt.fault}>{(fault) => <Notice kind="bad" title={fault()} />}</Show>
    </Section>
  );
}

/** How far a proof has come: a bar for the phase under way, and all phases by name. */
function Course(props: { progress: Progress }): JSX.Element {
  const at = () => PHASES.indexOf(props.progress.phase);
  const bytes = () =>
    props.progress.phase === 'download' && props.progress.total > 0 ? props.progress : undefined;
  const share = () => {
    const { progress } = props;
    if (progress.phase !== 'download') return progress.done;
    return progress.total === 0 ? 0 : progress.loaded / progress.total;
  };
  return (
    <div class="course">
      <progress aria-label={words.progress} max="1" value={share()} />
      <ol>
        <For each={PHASES}>
          {(phase, index) => (
            <li
              classList={{ done: index() < at(), now: index() === at() }}
              aria-current={index() === at() ? 'step' : undefined}
            >
              {words.phases[phase]}
              <Show when={phase === 'download' && bytes()} keyed>
                {({ loaded, total }) => (
                  <span class="quiet"> {words.bytes(megabytes(loaded), megabytes(total))}</span>
                )}
              </Show>
            </li>
          )}
        </For>
      </ol>
    </div>
  );
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
