import { ErrorBoundary, type JSX, lazy, onMount, Show, Suspense } from 'solid-js';
import { text } from '../text/text.js';

export interface Curve {
  label: string;
  /** Which of the look's colours. */
  ink: 'first' | 'second' | 'third';
  /** Fills what is below the line. */
  filled?: boolean;
  /** Shows moments as points instead of a course as a line. */
  points?: boolean;
}

export interface PlotProps {
  /** What is to be seen, for who does not see it. */
  label: string;
  curves: readonly Curve[];
  /** Seconds since 1970, rising; then one list of values for each curve, null where there is none. */
  data: readonly [readonly number[], ...(readonly (number | null)[])[]];
  /** How the values are written on the axis. */
  format: (value: number) => string;
  /** Seconds that are shown at least, so that a course which has just begun grows from the right. Default: 60. */
  span?: number;
  /** Said while there is nothing to draw. */
  empty?: string;
  /** In CSS pixels. Default: 220. */
  height?: number;
}

const Canvas = lazy(() => import('./plot-canvas.jsx'));

/** A course over time. The library that draws it is loaded with the first one. */
export function Plot(props: PlotProps): JSX.Element {
  // Before there is anything to draw: by then the server may be away.
  onMount(() => void Canvas.preload().catch(() => {}));
  return (
    <figure class="plot" role="img" aria-label={props.label}>
      <Show
        when={props.data[0].length > 1}
        fallback={<div class="plot-wait">{props.empty ?? text.parts.empty}</div>}
      >
        <ErrorBoundary fallback={<div class="plot-wait">{text.parts.notDrawn}</div>}>
          <Suspense fallback={<div class="plot-wait" />}>
            <Canvas {...props} />
          </Suspense>
        </ErrorBoundary>
      </Show>
    </figure>
  );
}
