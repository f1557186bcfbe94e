import type { AuditEntry } from '@blindpost/protocol/identity';
import type { IdentityOverview } from '@blindpost/protocol/overview';
import { createEffect, createMemo, createSignal, type JSX, Match, on, Show, Switch } from 'solid-js';
import { Button } from '../../parts/button.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { Table } from '../../parts/table.jsx';
import { text } from '../../text/text.js';
import { type Checked, checkChain } from './chain.js';
import type { Desk, Fault } from './desk.js';
import { count, moment } from './figures.js';
import { saidOf } from './said.js';
import { checkTrail, type Trail } from './trail.js';

const PAGE = 10;

/** What was done to the registry, latest first, and whether nothing of it was changed since. */
export function Audit(props: { desk: Desk; head: IdentityOverview['audit'] }): JSX.Element {
  const words = text.operate.audit;
  /** The last entry of the page; null follows the latest. */
  const [upTo, setUpTo] = createSignal<number | null>(null);
  const [rows, setRows] = createSignal<readonly AuditEntry[]>([]);
  const [holds, setHolds] = createSignal<Checked | null>(null);
  const [fault, setFault] = createSignal<Fault | null>(null);

  const newest = createMemo(() => props.head?.sequence ?? 0);
  const last = createMemo(() => upTo() ?? newest());
  const first = () => Math.max(1, last() - PAGE + 1);
  let asked = 0;
  const load = async (): Promise<void> => {
    asked += 1;
    const mine = asked;
    if (last() === 0) return;
    // With the one before, which the first of the page must follow from.
    const before = Math.max(0, first() - 2);
    const answer = await props.desk.audit(before, last() - before);
    if (mine !== asked) return;
    setFault(answer.ok ? null : answer.fault);
    if (!answer.ok) return;
    const { entries } = answer.value;
    setHolds(await checkChain(entries, null));
    setRows(entries.filter(({ sequence }) => sequence >= first()).toReversed());
  };
  createEffect(on(last, () => void load()));

  return (
    <Section title={words.title} aside={<span class="quiet">{words.entries(count(newest()))}</span>}>
      <Show when={fault()}>{(wrong) => <Notice kind="bad" title={saidOf(wrong())} />}</Show>
      <Show when={broken(holds())}>
        {(sequence) => <Notice kind="bad" title={words.broken(count(sequence()))} />}
      </Show>
      <Table
        caption={words.title}
        rows={rows()}
        columns={[
          { title: words.number, cell: ({ sequence }) => count(sequence), figures: true },
          { title: words.at, cell: ({ at }) => <time datetime={at}>{moment(at)}</time> },
          { title: words.event, cell: ({ event }) => words.events[event] },
          { title: words.subject, cell: ({ subject }) => <code>{subject}</code> },
          { title: words.hash, cell: ({ hash }) => <code>{hash.slice(0, 12)}…</code> },
        ]}
      />
      <div class="actions">
        <Button disabled={last() >= newest()} onClick={() => setUpTo(later(last(), newest()))}>
          {words.newer}
        </Button>
        <Button disabled={first() <= 1} onClick={() => setUpTo(first() - 1)}>
          {words.older}
        </Button>
        <Whole desk={props.desk} />
      </div>
    </Section>
  );
}

/** Checks every entry there is, from the first. */
function Whole(props: { desk: Desk }): JSX.Element {
  const words = text.operate.audit;
  const [trail, setTrail] = createSignal<Trail | null>(null);
  const busy = () => trail()?.state === 'under way';
  const check = async (): Promise<void> => {
    for await (const reached of checkTrail(props.desk)) setTrail(reached);
  };
  return (
    <>
      <Button busy={busy()} onClick={() => void check()}>
        {words.check}
      </Button>
      <div role="status">
        <Switch>
          <Match when={trail()?.state === 'under way'}>
            <span class="quiet">{words.checking(count(trail()?.sequence))}</span>
          </Match>
          <Match when={trail()?.state === 'whole'}>
            <span class="holds">{words.holds(count(trail()?.sequence))}</span>
          </Match>
          <Match when={trail()?.state === 'broken'}>
            <span class="breaks">{words.broken(count(trail()?.sequence))}</span>
          </Match>
          <Match when={trail()?.state === 'away'}>
            <span class="breaks">{text.shell.unreachable}</span>
          </Match>
        </Switch>
      </div>
    </>
  );
}

function broken(checked: Checked | null): number | null {
  return checked === null || checked.ok ? null : checked.sequence;
}

function later(last: number, newest: number): number | null {
  return last + PAGE >= newest ? null : last + PAGE;
}
