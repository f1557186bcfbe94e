import { type JSX, Show } from 'solid-js';

/** One figure with its name. */
export function Stat(props: { label: string; value: string; unit?: string; note?: string }): JSX.Element {
  return (
    <div class="stat">
      <dt>{props.label}</dt>
      <dd>
        <span class="value">{props.value}</span>
        <Show when={props.unit}>
          <span class="unit"> {props.unit}</span>
        </Show>
        <Show when={props.note}>
          <span class="note">{props.note}</span>
        </Show>
      </dd>
    </div>
  );
}

/** Figures side by side. */
export function Stats(props: { children: JSX.Element }): JSX.Element {
  return <dl class="stats">{props.children}</dl>;
}
