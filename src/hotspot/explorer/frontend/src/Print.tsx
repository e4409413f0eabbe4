// The printed sheet: what is in sight, laid out for paper. Made when the browser is about to print.
import { render } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { charts } from "./charts";
import { data, isoDay, orders, time } from "./data";
import { hotspotCounts, listed } from "./select";
import { FACET_NAMES, FACETS, facetName, facets, from, hotspot, query, to } from "./state";

const MOST = 200;

function conditions(): string {
  const said = [];
  if (query.value.trim()) said.push(`搜“${query.value.trim()}”`);
  for (const facet of FACETS) {
    const chosen = [...facets[facet].value!];
    if (chosen.length) said.push(`${FACET_NAMES[facet]}：${chosen.map((code) => facetName(facet, code)).join("、")}`);
  }
  if (from.value !== null) said.push(`${isoDay(from.value)} 起`);
  if (to.value !== null) said.push(`${isoDay(to.value)} 止`);
  return said.length ? `筛选：${said.join("；")}` : "未筛选";
}

function Picture({ name }: { name: string }) {
  const holder = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const chart = charts.get(name);
    if (chart && chart.getWidth() > 0) holder.current!.append(chart.renderToCanvas({ pixelRatio: 2, backgroundColor: "#fff" }));
  }, []);
  return <div class="picture" ref={holder} />;
}

function Sheet() {
  const counts = hotspotCounts.value;
  const found = data.hotspots[hotspot.value];
  const rows = listed.value;
  return (
    <>
      <h1>热点浏览</h1>
      <p>
        {data.source} · {conditions()} · 列出工单 {rows.length} 件
      </p>
      {found ? (
        <>
          <h2>
            {hotspot.value + 1} <bdi>{found.topic_name || found.title}</bdi>（热度 {found.heat.toFixed(1)}，{found.orders} 件）
          </h2>
          {found.lead && (
            <p>
              <bdi>
                {found.lead.text}
                {found.demands.map((clause) => clause.text).join("；")}。
              </bdi>
            </p>
          )}
          <p>热度：{found.points.map((point) => `${data.parts[point.part].name} ${point.points.toFixed(1)}`).join("，")}</p>
        </>
      ) : (
        <table>
          <thead>
            <tr><th>名次</th><th>热点</th><th>热度</th><th>工单</th><th>筛选后</th></tr>
          </thead>
          <tbody>
            {data.hotspots.map((each, at) => counts[at] > 0 && (
              <tr key={each.id}>
                <td>{at + 1}</td><td><bdi>{each.topic_name || each.title}</bdi></td><td>{each.heat.toFixed(1)}</td><td>{each.orders}</td><td>{counts[at]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Picture name="map" />
      <Picture name="days" />
      <h2>工单</h2>
      {rows.slice(0, MOST).map((row) => (
        <section key={row}>
          <h3><bdi>{orders.title[row]}</bdi></h3>
          <p class="meta">{orders.id[row]} · {time(orders.created[row])} · {facetName("unit", orders.unit.codes[row])}</p>
          <p><bdi>{orders.text[row].slice(0, 600)}{orders.text[row].length > 600 && "…"}</bdi></p>
        </section>
      ))}
      {rows.length > MOST && <p>其余 {rows.length - MOST} 件未印，可用“导出 CSV”取得全部。</p>}
    </>
  );
}

export function printWhenAsked(): void {
  const sheet = document.createElement("div");
  sheet.id = "sheet";
  document.body.append(sheet);
  addEventListener("beforeprint", () => render(<Sheet />, sheet));
  addEventListener("afterprint", () => render(null, sheet));
}
