import type { PoolOverview } from '@blindpost/protocol/overview';
import { type JSX, Show } from 'solid-js';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { Stat, Stats } from '../../parts/stat.jsx';
import { Table } from '../../parts/table.jsx';
import { text } from '../../text/text.js';
import { brief, count, span, units } from './figures.js';

/** Accounts of the ledger: where money comes from, where it lies, where it went. */
const KINDS = ['mint', 'pool', 'miner', 'redeemed', 'paid_out'] as const;

/** The pool: its rounds, its reserve, and whether the books balance. */
export function Money(props: { pool: PoolOverview }): JSX.Element {
  const words = text.operate.money;
  const waiting = () => {
    const { codes } = props.pool;
    return codes === null ? null : (codes.reserved ?? 0) + (codes.issued ?? 0) + (codes.failed ?? 0);
  };
  const accounts = () => {
    const balances = props.pool.ledger?.accounts ?? {};
    return KINDS.map((kind) => ({ kind, balance: balances[kind] ?? 0 }));
  };
  const age = (issued: number): string => span(Math.max(0, (Date.now() - issued) / 1_000));
  return (
    <Section title={words.title}>
      <Stats>
        <Stat
          label={words.reserve}
          value={units(props.pool.reserve?.balance_micro)}
          note={words.cap(units(props.pool.reserve?.cap_micro))}
        />
        <Stat label={words.refill} value={units(hourly(props.pool))} unit={words.perHour} />
        <Stat
          label={words.miners}
          value={count(props.pool.sockets.miners)}
          note={words.speed(brief(props.pool.sockets.hps))}
        />
        <Stat
          label={words.codes}
          value={count(waiting())}
          note={words.delivered(count(props.pool.codes?.delivered))}
        />
        <Stat label={words.withdrawals} value={count(props.pool.withdrawals_pending)} />
      </Stats>
      <Show when={props.pool.ledger}>
        {(ledger) => (
          <Show
            when={ledger().sum_micro === 0}
            fallback={<Notice kind="bad" title={words.unbalanced(units(ledger().sum_micro))} />}
          >
            <p class="quiet">{words.balanced(count(ledger().entries))}</p>
          </Show>
        )}
      </Show>
      <div class="columns">
        <Table
          caption={words.rounds}
          rows={props.pool.rounds ?? []}
          columns={[
            { title: words.track, cell: ({ track }) => <code>{track}</code> },
            { title: words.bits, cell: ({ bits }) => count(bits), figures: true },
            { title: words.atWork, cell: ({ locks }) => count(locks), figures: true },
            { title: words.won, cell: ({ won }) => count(won), figures: true },
            { title: words.age, cell: (round) => age(round.issued_at_ms), figures: true },
          ]}
        />
        <Table
          caption={words.ledger}
          rows={accounts()}
          columns={[
            { title: words.account, cell: ({ kind }) => words.kinds[kind] },
            { title: words.balance, cell: ({ balance }) => units(balance), figures: true },
          ]}
        />
      </div>
    </Section>
  );
}

function hourly({ reserve }: PoolOverview): number | null {
  return reserve === null ? null : reserve.refill_micro_per_second * 3_600;
}
