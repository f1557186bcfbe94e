import { PoolHttp } from '@blindpost/client/pool';
import type { History, WithdrawCodeAnswer } from '@blindpost/protocol/pool';
import { createEffect, createMemo, createResource, createSignal, type JSX, on, Show } from 'solid-js';
import { count, moment } from '../../format/figures.js';
import { unitsOf } from '../../format/money.js';
import { Button } from '../../parts/button.jsx';
import { Copy } from '../../parts/copy.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { Section } from '../../parts/page.jsx';
import { Stat, Stats } from '../../parts/stat.jsx';
import { Table } from '../../parts/table.jsx';
import { text } from '../../text/text.js';
import { createAmount } from './amount.js';
import { state } from './mining.js';
import { Withdraw } from './withdraw.jsx';

const words = text.mine.purse;

/** What the miner holds, codes for it, and those of before. */
export function Purse(props: { token: string }): JSX.Element {
  const pool = createMemo(() => new PoolHttp({ url: location.origin, token: props.token }));
  const [balance, { refetch: askBalance }] = createResource(pool, (own) => own.balance());
  const [history, { refetch: askHistory }] = createResource(pool, (own) => own.history());
  const wins = createMemo(() => state()?.wins ?? 0);
  createEffect(on(wins, () => void askBalance(), { defer: true }));

  const known = () => (balance.error === undefined ? balance.latest : undefined);
  const items = () => (history.error === undefined ? (history.latest?.items ?? []) : []);
  const money = (micro: number | undefined) => (micro === undefined ? '–' : unitsOf(micro));
  return (
    <Section title={words.title}>
      <Show when={balance.error !== undefined || history.error !== undefined}>
        <Notice kind="bad" title={words.notKnown}>
          <Button
            onClick={() => {
              void askBalance();
              void askHistory();
            }}
          >
            {text.shell.again}
          </Button>
        </Notice>
      </Show>
      <Stats>
        <Stat label={words.balance} value={money(known()?.pending_balance_micro)} unit={words.units} />
        <Stat label={words.withdrawn} value={money(known()?.withdrawn_total_micro)} unit={words.units} />
      </Stats>
      <Redeem
        pool={pool()}
        held={known()?.pending_balance_micro ?? 0}
        onRedeemed={() => {
          void askBalance();
          void askHistory();
        }}
      />
      <Withdraw
        pool={pool()}
        held={known()?.pending_balance_micro ?? 0}
        onWithdrawn={() => void askBalance()}
      />
      <h3>{words.history}</h3>
      <Codes items={items()} />
    </Section>
  );
}

function Redeem(props: { pool: PoolHttp; held: number; onRedeemed: () => void }): JSX.Element {
  const amount = createAmount(() => props.held);
  const [busy, setBusy] = createSignal(false);
  const [made, setMade] = createSignal<WithdrawCodeAnswer>();
  const [refused, setRefused] = createSignal<string>();
  const redeem = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setRefused(undefined);
    try {
      setMade(await props.pool.withdrawCode(amount.micro()));
      amount.setTyped('');
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
      props.onRedeemed();
    }
  };
  return (
    <form class="stack" onSubmit={(event) => void redeem(event)}>
      <Field
        label={words.amount}
        value={amount.typed()}
        onInput={amount.setTyped}
        hint={words.amountHint}
        error={amount.fault()}
        after={
          <Button
            submit
            kind="main"
            busy={busy()}
            disabled={props.held === 0 || amount.fault() !== undefined}
          >
            {amount.all() ? words.redeemAll : words.redeem}
          </Button>
        }
      />
      <Show when={refused()}>{(why) => <Notice kind="bad" title={words.refused(why())} />}</Show>
      <Show when={made()}>
        {(answer) => (
          <Notice kind="good" title={words.made(unitsOf(answer().amount_micro), count(answer().quota))}>
            <div class="row">
              <code class="code">{answer().code}</code>
              <Copy value={answer().code} what={words.code} />
            </div>
            <Show when={answer().status === 'error'}>
              <p>{words.late}</p>
            </Show>
          </Notice>
        )}
      </Show>
    </form>
  );
}

function Codes(props: { items: History['items'] }): JSX.Element {
  return (
    <Table
      caption={words.history}
      rows={props.items}
      empty={words.noCodes}
      columns={[
        { title: words.when, cell: (item) => <time>{moment(item.ts_ms)}</time> },
        { title: words.code, cell: (item) => <code>{item.code}</code> },
        { title: '', cell: (item) => <Copy value={item.code} what={words.code} /> },
        { title: words.worth, cell: (item) => unitsOf(item.amount_micro), figures: true },
        { title: words.quota, cell: (item) => count(item.quota), figures: true },
        { title: words.state, cell: (item) => words.states[item.state] },
      ]}
    />
  );
}
