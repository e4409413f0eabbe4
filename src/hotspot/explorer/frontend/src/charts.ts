// Apache ECharts, with no more of it than the map and the days need.
import { BarChart, ScatterChart } from "echarts/charts";
import { BrushComponent, DataZoomInsideComponent, GridComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";
import { effect, signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";

echarts.use([BarChart, ScatterChart, BrushComponent, DataZoomInsideComponent, GridComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

export type Chart = echarts.ECharts;

/** Charts by name, for the printed sheet. */
export const charts = new Map<string, Chart>();

/** A chart in an element: set up once, drawn again whenever its width or a signal that `draw` reads
 *  has changed; not while it is out of sight. */
export function useChart(name: string, setUp: (chart: Chart) => void, draw: (chart: Chart) => void) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = holder.current!;
    const chart = echarts.init(element);
    charts.set(name, chart);
    setUp(chart);
    const width = signal(0);
    const stop = effect(() => {
      if (width.value > 0) draw(chart);
    });
    const watch = new ResizeObserver(() => {
      if (element.clientWidth > 0) chart.resize();
      width.value = element.clientWidth;
    });
    watch.observe(element);
    return () => {
      stop();
      watch.disconnect();
      charts.delete(name);
      chart.dispose();
    };
  }, []);
  return holder;
}

/** The content of a tooltip, as elements: no text is ever markup. */
export function tip(lines: string[]): HTMLElement {
  const box = document.createElement("div");
  box.className = "tip";
  for (const line of lines) {
    const row = document.createElement("bdi");
    row.textContent = line;
    box.append(row);
  }
  return box;
}
