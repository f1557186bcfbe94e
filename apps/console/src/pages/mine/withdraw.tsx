import type { PoolHttp } from '@blindpost/client/pool';
import { MAX_DESTINATION } from '@blindpost/protocol/pool';
import { createSignal, type JSX, Show } from 'solid-js';
import { unitsOf } from '../../format/money.js';
import { Button } from '../../parts/button.jsx';
import { Field } from '../../parts/field.jsx';
import { Notice } from '../../parts/notice.jsx';
import { text } from '../../text/text.js';
import { createAmount } from './amount.js';

const words = text.mine.withdraw;

/** Asks the operator to pay to a destination; for who does not want a code. */
export function Withdraw(props: { pool: PoolHttp; held: number; onWithdrawn: () => void }): JSX.Element {
  const amount = createAmount(() => props.held);
  const [destination, setDestination] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [asked, setAsked] = createSignal<string>();
  const [refused, setRefused] = createSignal<string>();
  const ready = () => props.held > 0 && amount.fault() === undefined && destination().trim() !== '';
  const withdraw = async (event: Event): Promise<void> => {
    event.preventDefault();
    const micro = amount.micro() ?? props.held;
    setBusy(true);
    setRefused(undefined);
    try {
      const { request_id: id } = await props.pool.withdraw(micro, destination().trim());
      setAsked(words.asked(unitsOf(micro), id));
      amount.setTyped('');
    } catch (error) {
      setRefused(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
      props.onWithdrawn();
    }
  };
  return (
    <details>
      <summary>{words.title}</summary>
      <form class="stack" onSubmit={(event) => void withdraw(event)}>
        <Field
          label={words.destination}
          value={destination()}
          onInput={setDestination}
          hint={words.destinationHint}
          maxLength={MAX_DESTINATION}
          mono
        />
        <Field
          label={words.amount}
          value={amount.typed()}
          onInput={amount.setTyped}
          hint={text.mine.purse.amountHint}
          error={amount.fault()}
          after={
            <Button submit busy={busy()} disabled={!ready()}>
              {words.withdraw}
            </Button>
          }
        />
        <Show when={refused()}>{(why) => <Notice kind="bad" title={words.refused(why())} />}</Show>
        <Show when={asked()}>{(what) => <Notice kind="good" title={what()} />}</Show>
      </form>
    </details>
  );
}
