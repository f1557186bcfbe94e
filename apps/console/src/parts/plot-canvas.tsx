import { createEffect, type JSX, on, onCleanup, onMount } from 'solid-js';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { theme } from '../shell/theme.js';
import type { Curve, PlotProps } from './plot.jsx';

const HEIGHT = 220;
const SPAN_S = 60;
/** Between two times on the axis: seconds, minutes, hours. */
const STEPS_S = [1, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium', hourCycle: 'h23' });

/** uPlot on a canvas, in the colours of the page, as wide as its frame. */
export default function PlotCanvas(props: PlotProps): JSX.Element {
  let frame: HTMLDivElement | undefined;
  let plot: uPlot | undefined;

  onMount(() => {
    const place = frame;
    if (place === undefined) return;
    const draw = (): void => {
      plot?.destroy();
      plot = new uPlot(optionsOf(props, place), dataOf(props), place);
    };
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const width = new ResizeObserver(() =>
      plot?.setSize({ width: place.clientWidth, height: heightOf(props) }),
    );
    // A canvas keeps the colours it was drawn in.
    createEffect(on(theme, draw));
    createEffect(() => plot?.setData(dataOf(props)));
    dark.addEventListener('change', draw);
    width.observe(place);
    onCleanup(() => {
      dark.removeEventListener('change', draw);
      width.disconnect();
      plot?.destroy();
    });
  });
  return <div ref={frame} />;
}

function heightOf(props: PlotProps): number {
  return props.height ?? HEIGHT;
}

function dataOf(props: PlotProps): uPlot.AlignedData {
  const [times, ...curves] = props.data;
  return [[...times], ...curves.map((values) => [...values])];
}

function optionsOf(props: PlotProps, frame: HTMLElement): uPlot.Options {
  const ink = (name: string): string => colourOf(frame, name);
  const axis = {
    stroke: ink('--quiet'),
    grid: { stroke: ink('--rule'), width: 1 },
    ticks: { show: false },
    font: `12px ${getComputedStyle(frame).fontFamily}`,
  };
  return {
    width: frame.clientWidth,
    height: heightOf(props),
    legend: { show: false },
    cursor: { show: false },
    padding: [12, 24, 0, 0],
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 100,
        size: 32,
        incrs: STEPS_S,
        values: (_plot, ticks) => ticks.map((tick) => TIME.format(tick * 1000)),
      },
      { ...axis, size: 64, space: 40, values: (_plot, ticks) => ticks.map((tick) => props.format(tick)) },
    ],
    scales: {
      x: { range: (_plot, first, last) => [Math.min(first, last - (props.span ?? SPAN_S)), last] },
      y: { range: (_plot, _low, high) => [0, high > 0 ? high * 1.1 : 1] },
    },
    series: [{}, ...props.curves.map((curve) => seriesOf(curve, ink))],
  };
}

function seriesOf(curve: Curve, ink: (name: string) => string): uPlot.Series {
  const stroke = ink(`--ink-${curve.ink}`);
  if (curve.points === true)
    return { label: curve.label, stroke, paths: () => null, points: { show: true, size: 9, fill: stroke } };
  const fill = curve.filled === true ? { fill: ink(`--wash-${curve.ink}`) } : {};
  return { label: curve.label, stroke, width: 2, points: { show: false }, spanGaps: false, ...fill };
}

/** A canvas knows no variables and no `light-dark()`: the colour as the page computes it. */
function colourOf(frame: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  frame.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
