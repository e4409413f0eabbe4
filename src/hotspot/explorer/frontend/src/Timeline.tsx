// The orders by day. Drag across days, or click one, to see only those.
import { type Chart, tip, useChart } from "./charts";
import { firstDay, isoDay, lastDay, shortDay } from "./data";
import { BLUE, FONT, LINE, PALE, SOFT } from "./palette";
import { chosenByDay, countByDay, onAnyDay } from "./select";
import { from, setDays, to } from "./state";

const days = Array.from({ length: lastDay - firstDay + 1 }, (_, i) => firstDay + i);
const AWAY = "#e3e8ed";
const WEEK = "日一二三四五六";

function draw(chart: Chart): void {
  const all = countByDay(onAnyDay.value);
  const chosen = chosenByDay.value;
  const within = (i: number) => days[i] >= (from.value ?? -Infinity) && days[i] <= (to.value ?? Infinity);
  const bars = (counts: number[], colour: string) => counts.map((n, i) => ({ value: n, itemStyle: { color: within(i) ? colour : AWAY } }));
  chart.setOption({
    series: [
      { id: "all", data: bars(all, chosen ? PALE : BLUE) },
      { id: "chosen", data: chosen ? bars(chosen, BLUE) : [] },
    ],
  });
}

function setUp(chart: Chart): void {
  const bar = { type: "bar" as const, barCategoryGap: "18%", barGap: "-100%", animation: false, cursor: "pointer" };
  chart.setOption({
    textStyle: { fontFamily: FONT },
    grid: { left: 34, right: 10, top: 10, bottom: 22 },
    xAxis: {
      type: "category", data: days.map(shortDay), axisTick: { show: false }, axisLine: { lineStyle: { color: "#8a97a4" } },
      axisLabel: { color: SOFT, fontSize: 12, hideOverlap: true },
    },
    yAxis: { type: "value", minInterval: 1, splitNumber: 3, axisLabel: { color: SOFT, fontSize: 12 }, splitLine: { lineStyle: { color: LINE } } },
    tooltip: {
      trigger: "axis", confine: true, padding: 0, borderWidth: 0, transitionDuration: 0, axisPointer: { type: "shadow" },
      formatter: (event: unknown) => {
        const [all, chosen] = event as { dataIndex: number; value: number }[];
        const day = days[all.dataIndex];
        const week = WEEK[new Date(day * 86_400_000).getUTCDay()];
        return tip([`${isoDay(day)} 周${week}`, `${all.value} 件${chosen?.value !== undefined ? `，所选 ${chosen.value} 件` : ""}`]);
      },
    },
    brush: { toolbox: [], xAxisIndex: 0, brushMode: "single", transformable: false, throttleType: "debounce", brushStyle: { color: "rgba(11,83,148,.15)", borderColor: BLUE } },
    series: [{ id: "all", z: 1, ...bar }, { id: "chosen", z: 2, ...bar }],
  });
  chart.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: { brushType: "lineX" } });
  chart.on("brushEnd", (event) => {
    const range = (event as { areas?: { coordRange?: [number, number] }[] }).areas?.[0]?.coordRange;
    if (!range) return;
    const [first, last] = range.map((i) => days[Math.max(0, Math.min(days.length - 1, Math.round(i)))]);
    chart.dispatchAction({ type: "brush", areas: [] });
    setDays(first, last);
  });
  chart.getZr().on("click", (event) => {
    const at = chart.convertFromPixel({ xAxisIndex: 0 }, event.offsetX) as number;
    if (!(at in days)) return;
    if (from.value === days[at] && to.value === days[at]) setDays(null, null);
    else setDays(days[at], days[at]);
  });
}

export function Timeline() {
  const holder = useChart("days", setUp, draw);
  const chosen = from.value !== null || to.value !== null;
  return (
    <figure class="timeline">
      <figcaption>
        <span>每天来电{chosenByDay.value && <small>（深色为所选）</small>}</span>
        {chosen ? (
          <button type="button" class="link" onClick={() => setDays(null, null)}>
            全部日期
          </button>
        ) : (
          <small>拖过几天，或点一天</small>
        )}
      </figcaption>
      <div ref={holder} class="chart" role="img" aria-label="每天来电的工单数；选日期可用上方的两个日期框" />
    </figure>
  );
}
