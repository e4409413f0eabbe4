// The map of meaning: orders that say the same lie close together.
import { untracked } from "@preact/signals";
import { type Chart, tip, useChart } from "./charts";
import { count, data, orders, shortDay, dayOf } from "./data";
import { AWAY, FONT, INK, MARKED, markOf, OTHER, PALE } from "./palette";
import { inSight, listed } from "./select";
import { ALL, focus, hotspot, openHotspot, order, tab } from "./state";

const SMALL = 3000;
const MANY = 2000;
const LABEL = 12;
const LABELS = 8;
const SHORT_LABEL = 6;
const NARROW = 450;
const GRID = 10_000;
const EDGE = 4;

type Box = { x: number; width: number };

const rowsOfSeries = new Map<string, number[]>();
const labelled: number[] = [];

function layer(name: string, rows: number[], colour: string, symbol: string, size: number, z: number, opacity = 0.9) {
  rowsOfSeries.set(name, rows);
  const points = new Float64Array(rows.length * 2);
  rows.forEach((row, i) => {
    points[2 * i] = orders.x[row];
    points[2 * i + 1] = orders.y[row];
  });
  const large = rows.length > MANY;
  return {
    type: "scatter" as const, id: name, name, dimensions: ["x", "y"], data: points, symbolSize: size, z,
    // drawn in bulk, ECharts never ends with a symbol that is a path
    symbol: large && symbol.startsWith("path:") ? "circle" : symbol,
    large, largeThreshold: 0, animation: false, cursor: "pointer",
    itemStyle: { color: colour, opacity },
  };
}

const quantile = (values: number[], share: number) => values.sort((a, b) => a - b)[Math.floor(share * (values.length - 1))];

/** Where a label stands: above the midst of its orders. */
function above(rows: number[]): [number, number] {
  return [quantile(rows.map((row) => orders.x[row]), 0.5), quantile(rows.map((row) => orders.y[row]), 0.95)];
}

/** How far a label moves sideways not to be cut off at an edge. */
function inwards(left: number, width: number, room: number): number {
  return Math.min(Math.max(left, EDGE), room - EDGE - width) - left;
}

function labels(chart: Chart, shown: number[][], chosen: number) {
  const most = chart.getWidth() < NARROW ? SHORT_LABEL : LABEL;
  const wanted = chosen >= 0 ? [chosen] : shown.map((_, at) => at).slice(0, LABELS);
  labelled.splice(0, labelled.length, ...wanted.filter((at) => shown[at].length > 0));
  return {
    type: "scatter" as const, id: "labels", name: "labels", z: 9, animation: false, cursor: "pointer",
    itemStyle: { color: "transparent" },
    // the size of what carries it, unseen, says which of two labels that cover each other is kept: the hotter one
    data: labelled.map((at, i) => ({ value: above(shown[at]), symbolSize: labelled.length - i })),
    label: {
      show: true, position: "top" as const, color: INK, fontFamily: FONT, fontSize: 12, lineHeight: 16,
      backgroundColor: "rgba(255,255,255,.92)", borderColor: "#8a97a4", borderWidth: 1, borderRadius: 3, padding: [2, 6],
      rich: Object.fromEntries(labelled.map((at) => [`m${at}`, { color: markOf(at).colour, fontFamily: FONT, fontSize: 12 }])),
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const at = labelled[dataIndex];
        const found = data.hotspots[at];
        const title = [...(found.topic_name || found.title).replace(/[{}|]/g, " ")];
        return `{m${at}|${markOf(at).sign}} ${at + 1} ${title.slice(0, most).join("")}${title.length > most ? "…" : ""}`;
      },
    },
    labelLayout: ({ rect, labelRect: { width } }: { rect: Box; labelRect: Box }) => ({
      dx: inwards(rect.x + rect.width / 2 - width / 2, width, chart.getWidth()), moveOverlap: "shiftY" as const, hideOverlap: true,
    }),
  };
}

function draw(chart: Chart): void {
  const rows = inSight.value;
  const chosen = hotspot.value;
  const size = count > SMALL ? 4 : rows.length > 1000 ? 6 : 8;
  const shown: number[][] = data.hotspots.map(() => []);
  const rest: number[] = [];
  for (const row of rows) (orders.hotspot[row] < 0 ? rest : shown[orders.hotspot[row]]).push(row);
  rowsOfSeries.clear();
  const series = [];
  if (chosen === ALL) {
    series.push(layer("none", rest, PALE, "circle", size * 0.7, 1, 0.8));
    series.push(layer("others", shown.slice(MARKED).flat(), OTHER, "circle", size * 0.8, 2, 0.8));
    shown.slice(0, MARKED).forEach((held, at) => {
      const { colour, symbol } = markOf(at);
      series.push(layer(`hotspot-${at}`, held, colour, symbol, size, MARKED + 2 - at));
    });
  } else {
    const own = chosen < 0 ? rest : shown[chosen];
    const { colour, symbol } = markOf(chosen);
    series.push(layer("away", rows.filter((row) => orders.hotspot[row] !== chosen), AWAY, "circle", size * 0.7, 1));
    series.push(layer("own", own, colour, symbol, size, 2, focus.value ? 0.45 : 0.9));
    if (focus.value) series.push({ ...layer("focus", listed.value, colour, symbol, size + 5, 3, 1), large: false, itemStyle: { color: colour, borderColor: INK, borderWidth: 1.5 } });
  }
  if (order.value !== null) {
    series.push({ ...layer("order", [order.value], "transparent", "circle", 20, 8, 1), itemStyle: { color: "transparent", borderColor: INK, borderWidth: 2.5 } });
  }
  series.push(labels(chart, shown, chosen));
  chart.setOption({ series }, { replaceMerge: ["series"], lazyUpdate: true });
}

function rowAt(event: { seriesId?: string; dataIndex: number }): number | undefined {
  return rowsOfSeries.get(event.seriesId ?? "")?.[event.dataIndex];
}

function setUp(chart: Chart): void {
  const axis = { type: "value" as const, show: false, min: -0.04 * GRID, max: 1.04 * GRID };
  const headroom = { ...axis, max: 1.1 * GRID }; // for the labels above the topmost
  chart.setOption({
    textStyle: { fontFamily: FONT },
    grid: { left: 8, right: 8, top: 8, bottom: 8 },
    xAxis: axis,
    yAxis: headroom,
    dataZoom: [
      { type: "inside", xAxisIndex: 0, filterMode: "none" },
      { type: "inside", yAxisIndex: 0, filterMode: "none" },
    ],
    tooltip: {
      confine: true, padding: 0, borderWidth: 0, transitionDuration: 0,
      formatter: (event: unknown) => {
        const row = rowAt(event as { seriesId: string; dataIndex: number });
        if (row === undefined) return "";
        const found = data.hotspots[orders.hotspot[row]];
        return tip([
          orders.title[row] || orders.text[row].slice(0, 30),
          `${shortDay(dayOf[row])} · ${found ? `${orders.hotspot[row] + 1} ${found.topic_name || found.title}` : "不在热点内"}`,
        ]);
      },
    },
  });
  chart.on("click", (event) => {
    const clicked = event as unknown as { seriesId: string; dataIndex: number };
    if (clicked.seriesId === "labels") return openHotspot(labelled[clicked.dataIndex]);
    const row = rowAt(clicked);
    if (row === undefined) return;
    untracked(() => {
      if (!listed.value.includes(row)) openHotspot(orders.hotspot[row]);
      order.value = row;
      tab.value = "orders";
    });
  });
}

export function MapView() {
  const holder = useChart("map", setUp, draw);
  return (
    <figure class="map">
      <div
        ref={holder}
        class="chart"
        role="img"
        aria-label={`语义地图：${inSight.value.length} 件工单，意思相近的挨在一起；同样的内容见热点列表和工单列表`}
      />
      <figcaption>一点一件工单，意思相近的挨在一起。点一个点看工单，滚轮或双指缩放。</figcaption>
    </figure>
  );
}
