import type { Attester, RegisterAttesterAnswer } from '@blindpost/protocol/identity';
import type { IdentityOverview } from '@blindpost/protocol/overview';
import { createEffect, createMemo, createSignal, type JSX, on, Show } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Dialog } from '../../parts/dialog.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { Secret } from '../../parts/secret.jsx';
import { Stat, Stats } from '../../parts/stat.jsx';
import { Table } from '../../parts/table.jsx';
import { text } from '../../text/text.js';
import type { Desk, Fault } from './desk.js';
import { count, moment } from './figures.js';
import { Register } from './register.jsx';
import { saidOf } from './said.js';
import { look } from './session.js';

const PAGE = 25;

/** The registry, and who may attest. */
export function Attesters(props: { desk: Desk; identity: IdentityOverview }): JSX.Element {
  const words = text.operate.attesters;
  const [rows, setRows] = createSignal<readonly Attester[]>([]);
  const [more, setMore] = createSignal(false);
  const [fault, setFault] = createSignal<Fault | null>(null);
  const [registering, setRegistering] = createSignal(false);
  const [registered, setRegistered] = createSignal<RegisterAttesterAnswer | null>(null);
  const [leaving, setLeaving] = createSignal<Attester | null>(null);
  const records = () => props.identity.records;

  const load = async (after: number | null): Promise<void> => {
    const answer = await props.desk.attesters(after, PAGE);
    setFault(answer.ok ? null : answer.fault);
    if (!answer.ok) return;
    setRows((seen) => (after === null ? answer.value.attesters : [...seen, ...answer.value.attesters]));
    setMore(answer.more);
  };
  // Whoever changes the registry, here or elsewhere, gives it another root.
  const root = createMemo(() => props.identity.registry?.root);
  createEffect(on(root, () => void load(null)));

  return (
    <Section
      title={words.title}
      aside={
        <Button kind="main" onClick={() => setRegistering(true)}>
          {words.register}
        </Button>
      }
    >
      <Stats>
        <Stat
          label={words.approved}
          value={count(props.identity.registry?.attesters)}
          note={words.places(count(props.identity.registry?.leaves))}
        />
        <Stat
          label={words.attestations}
          value={count(records().attestations)}
          note={boundOf(records().attestations_bound)}
        />
        <Stat
          label={words.nullifiers}
          value={count(records().nullifiers)}
          note={boundOf(records().nullifiers_bound)}
        />
        <Stat label={words.proofs} value={count(props.identity.proofs.valid ?? 0)} />
      </Stats>
      <Show when={fault()}>{(wrong) => <Notice kind="bad" title={saidOf(wrong())} />}</Show>
      <Table
        caption={words.title}
        empty={words.none}
        rows={rows()}
        columns={[
          { title: words.id, cell: ({ id }) => <code>{id}</code> },
          {
            title: words.name,
            cell: ({ name, development }) => (development === true ? words.forDevelopment(name) : name),
          },
          { title: words.types, cell: ({ types }) => <Types codes={types} /> },
          {
            title: words.since,
            cell: ({ createdAt }) => <time datetime={createdAt}>{moment(createdAt)}</time>,
          },
          {
            title: words.action,
            cell: (row) => (
              <button
                type="button"
                class="button bad small"
                aria-label={words.revokeOne(row.id)}
                onClick={() => setLeaving(row)}
              >
                {words.revoke}
              </button>
            ),
          },
        ]}
      />
      <Show when={more()}>
        <Button onClick={() => void load(rows().at(-1)?.index ?? null)}>{words.more}</Button>
      </Show>

      <Dialog title={words.register} open={registering()} onClose={() => setRegistering(false)}>
        <Register
          desk={props.desk}
          onDone={(answer) => {
            setRegistering(false);
            setRegistered(answer);
            void look();
          }}
        />
      </Dialog>
      <Dialog title={words.registered} open={registered() !== null} onClose={() => setRegistered(null)}>
        <Show when={registered()}>
          {(answer) => (
            <>
              <p>{words.keyOnce(answer().attester.name)}</p>
              <Secret value={answer().apiKey} what={words.apiKey} />
            </>
          )}
        </Show>
      </Dialog>
      <Revoke
        attester={leaving()}
        desk={props.desk}
        onClose={() => {
          setLeaving(null);
          void look();
        }}
      />
    </Section>
  );
}

function Types(props: { codes: readonly string[] }): JSX.Element {
  return <span class="codes">{props.codes.join(' · ')}</span>;
}

function Revoke(props: { attester: Attester | null; desk: Desk; onClose: () => void }): JSX.Element {
  const words = text.operate.attesters;
  const [busy, setBusy] = createSignal(false);
  const [fault, setFault] = createSignal<Fault | null>(null);
  const close = (): void => {
    setFault(null);
    props.onClose();
  };
  const revoke = async (id: string): Promise<void> => {
    setBusy(true);
    const answer = await props.desk.revoke(id);
    setBusy(false);
    if (answer.ok) close();
    else setFault(answer.fault);
  };
  return (
    <Dialog
      title={words.revokeOne(props.attester?.id ?? '')}
      open={props.attester !== null}
      onClose={close}
      actions={
        <Button kind="bad" busy={busy()} onClick={() => void revoke(props.attester?.id ?? '')}>
          {words.revoke}
        </Button>
      }
    >
      <p>{words.revokeMeans}</p>
      <Show when={fault()}>{(wrong) => <Notice kind="bad" title={saidOf(wrong())} />}</Show>
    </Dialog>
  );
}

function boundOf(bound: number): string {
  return bound === 0 ? text.operate.state.noBound : text.operate.state.bound(count(bound));
}
