import { For, type JSX, Show } from 'solid-js';
import { text } from '../text/text.js';

export interface Column<Row> {
  title: string;
  cell: (row: Row) => JSX.Element;
  /** Figures stand at the right, one below the other. */
  figures?: boolean;
}

export interface TableProps<Row> {
  /** What the table holds, for who does not see where it stands. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  /** Said when there are no rows. */
  empty?: string;
}

/** Rows; narrow screens scroll it sideways in its own frame, which the keyboard can enter. */
export function Table<Row>(props: TableProps<Row>): JSX.Element {
  return (
    <Show when={props.rows.length > 0} fallback={<p class="quiet">{props.empty ?? text.parts.empty}</p>}>
      {/* What scrolls must be reachable by keyboard (WCAG 2.1.1). */}
      <section class="table" tabindex="0" aria-label={props.caption}>
        <table>
          <caption class="unseen">{props.caption}</caption>
          <thead>
            <tr>
              <For each={props.columns}>
                {(column) => (
                  <th scope="col" classList={{ figures: column.figures === true }}>
                    {column.title}
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>
              {(row) => (
                <tr>
                  <For each={props.columns}>
                    {(column) => <td classList={{ figures: column.figures === true }}>{column.cell(row)}</td>}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </Show>
  );
}
