// The hotspots, hottest first, each opening to what it is made of.
import { useEffect } from "preact/hooks";
import { data, firstDay, type Hotspot, orders, shortDay } from "./data";
import { moveFocus } from "./keys";
import { markOf, SHADES } from "./palette";
import { countByDay, countInSight, hotspotCounts, inSight, namingPlace, ofHotspot } from "./select";
import { ALL, chooseFocus, filtered, type Focus, focus, hotspot, NONE, openHotspot, sameFocus } from "./state";
import { Text } from "./text";

const ORDINALS = "一二三四五六七八九十";

/** Bars are drawn to the scale of the hottest. */
const hottest = Math.max(...data.hotspots.map((found) => found.heat), 1);

function HeatBar({ found }: { found: Hotspot }) {
  const said = found.points.map((point) => `${data.parts[point.part].name} ${point.points.toFixed(1)}`).join("、");
  return (
    <span class="heat" title={`热度 ${found.heat}：${said}`}>
      <span class="bar" aria-hidden="true">
        {found.points.map((point) => (
          <i key={point.part} style={{ width: `${(100 * point.points) / hottest}%`, background: SHADES[point.part] }} />
        ))}
      </span>
      <span class="number">{found.heat.toFixed(1)}</span>
    </span>
  );
}

function Parts({ found }: { found: Hotspot }) {
  return (
    <table class="parts">
      <caption>
        热度 {found.heat.toFixed(1)} 由哪几部分相加（按全月工单计，不随筛选变动）
      </caption>
      <tbody>
        {found.points.map((point) => {
          const part = data.parts[point.part];
          return (
            <tr key={part.key} title={part.meaning}>
              <th scope="row">
                <i style={{ background: SHADES[point.part] }} aria-hidden="true" />
                {part.name}
              </th>
              <td class="n">{point.points.toFixed(1)}</td>
              <td class="meter" aria-hidden="true">
                <i style={{ width: `${point.value * 100}%`, background: SHADES[point.part] }} />
              </td>
              <td class="why">{part.meaning}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const WIDE = 300;
const HIGH = 46;

/** A hotspot's orders by day: all of them pale, those in sight dark. */
function DayBars({ at, found }: { at: number; found: Hotspot }) {
  const rows = ofHotspot(at);
  const all = countByDay(rows);
  const shown = new Set(inSight.value);
  const now = countByDay(rows.filter((row) => shown.has(row)));
  const most = Math.max(...all, 1);
  const wide = WIDE / all.length;
  const bars = (counts: number[], name: string) =>
    counts.map((n, i) =>
      n ? <rect key={i} class={name} x={i * wide} width={Math.max(wide - 1, 0.6)} y={HIGH - (n / most) * HIGH} height={(n / most) * HIGH} /> : null,
    );
  const [burst, end] = found.burst ?? [0, -1];
  return (
    <figure class="daybars">
      <svg viewBox={`0 0 ${WIDE} ${HIGH + 4}`} preserveAspectRatio="none" role="img" aria-label={`每天工单数，最多的是 ${shortDay(found.peak)}，${most} 件`}>
        {end >= burst && <rect class="burst" x={(burst - firstDay) * wide} width={(end - burst + 1) * wide} y="0" height={HIGH + 4} />}
        {bars(all, "all")}
        {bars(now, "now")}
        <line x1="0" x2={WIDE} y1={HIGH + 0.5} y2={HIGH + 0.5} />
      </svg>
      <figcaption>
        <span>{shortDay(firstDay)}</span>
        <span>
          {shortDay(found.peak)} 最多，{most} 件
          {found.burst && `；${shortDay(burst)} 至 ${shortDay(end)} 突增`}
        </span>
        <span>{shortDay(firstDay + all.length - 1)}</span>
      </figcaption>
    </figure>
  );
}

function Chosen({ chosen, rows, children, kind }: { chosen: Focus; rows: number[]; children: preact.ComponentChildren; kind: string }) {
  const shown = countInSight(rows);
  return (
    <button
      type="button"
      class={`pick ${kind}`}
      aria-pressed={sameFocus(focus.value, chosen)}
      disabled={shown === 0}
      onClick={() => chooseFocus(chosen)}
    >
      {children}
      <span class="n">{shown === rows.length ? `${rows.length} 件` : `${shown}/${rows.length} 件`}</span>
    </button>
  );
}

function Draft({ found }: { found: Hotspot }) {
  if (!found.lead) return <p class="none">这个热点没有起草。</p>;
  return (
    <div class="draft">
      <Chosen chosen={{ kind: "demand", at: 0 }} rows={found.lead.orders} kind="clause lead">
        <bdi>{found.lead.text}</bdi>
      </Chosen>
      {found.demands.map((clause, i) => (
        <Chosen key={i} chosen={{ kind: "demand", at: i + 1 }} rows={clause.orders} kind="clause">
          <bdi>
            {ORDINALS[i] ?? i + 1}是{clause.text}
            {i + 1 === found.demands.length ? "。" : "；"}
          </bdi>
        </Chosen>
      ))}
    </div>
  );
}

const MOST_ISSUES = 60;

function Issues({ at }: { at: number }) {
  const rows = new Map<number, number[]>();
  for (const row of ofHotspot(at)) if (orders.issue[row] >= 0) rows.set(orders.issue[row], [...(rows.get(orders.issue[row]) ?? []), row]);
  const sorted = [...rows].sort((a, b) => b[1].length - a[1].length || a[0] - b[0]);
  const alone = ofHotspot(at).length - sorted.reduce((sum, [, held]) => sum + held.length, 0);
  return (
    <div class="issues">
      {sorted.slice(0, MOST_ISSUES).map(([issue, held]) => (
        <Chosen key={issue} chosen={{ kind: "issue", row: issue }} rows={held} kind="issue">
          <Text>{data.issues[issue].title}</Text>
        </Chosen>
      ))}
      <p class="note">
        {sorted.length > MOST_ISSUES && `另有 ${sorted.length - MOST_ISSUES} 个较小的事项未列。`}
        {alone > 0 && `另有 ${alone} 件各说各的，不成事项。`}
      </p>
    </div>
  );
}

function Detail({ at, found }: { at: number; found: Hotspot }) {
  return (
    <div class="detail" id={`detail-${found.id}`} role="region" aria-label={found.title}>
      <h3>草稿 <small>点一句看它依据的工单</small></h3>
      <Draft found={found} />
      <h3>每天</h3>
      <DayBars at={at} found={found} />
      <h3>热度</h3>
      <Parts found={found} />
      {found.places.length > 0 && (
        <>
          <h3>地点</h3>
          <div class="chips">
            {found.places.map((name) => (
              <Chosen key={name} chosen={{ kind: "place", name }} rows={namingPlace(at, name)} kind="place">
                <bdi>{name}</bdi>
              </Chosen>
            ))}
          </div>
        </>
      )}
      <h3>事项 <small>同一地点或单位的同一件事</small></h3>
      <Issues at={at} />
      {found.crowds && <p class="note">人群：<bdi>{found.crowds.join("、")}</bdi></p>}
      <p class="note">关键词：<bdi>{found.keywords.join("、")}</bdi></p>
    </div>
  );
}

function Item({ at, found, shown }: { at: number; found: Hotspot; shown: number }) {
  const open = hotspot.value === at;
  const mark = markOf(at);
  return (
    <li class={open ? "hotspot open" : "hotspot"}>
      <button
        type="button"
        class="head"
        id={`hotspot-${found.id}`}
        aria-expanded={open}
        aria-controls={open ? `detail-${found.id}` : undefined}
        onClick={() => openHotspot(open ? ALL : at)}
      >
        <span class="rank">
          <span aria-hidden="true" style={{ color: mark.colour }}>{mark.sign}</span>
          {at + 1}
        </span>
        <span class="title">
          <bdi>{found.topic_name || found.title}</bdi>
          {found.status && <span class="status">{found.status}</span>}
        </span>
        <HeatBar found={found} />
        <span class="facts">
          {shown === found.orders ? `${found.orders} 件` : `筛选后 ${shown} 件，共 ${found.orders} 件`} · {found.callers} 人 · {shortDay(found.first)} 至{" "}
          {shortDay(found.last)}
          {found.previous !== undefined && ` · 上期 ${found.previous} 件`}
        </span>
      </button>
      {open && <Detail at={at} found={found} />}
    </li>
  );
}

/** Bring the head of the hotspot that was opened into sight, wherever it was opened from. */
function useHeadInSight() {
  useEffect(
    () =>
      hotspot.subscribe((at) => {
        if (at !== ALL)
          requestAnimationFrame(() => {
            const head = document.getElementById(`hotspot-${data.hotspots[at]?.id ?? "none"}`);
            const scroller = head?.closest<HTMLElement>(".scroll");
            if (!head || !scroller) return;
            const below = head.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
            if (below < 0 || below > scroller.clientHeight / 2) scroller.scrollTop += below;
          });
      }),
    [],
  );
}

export function Hotspots() {
  useHeadInSight();
  const counts = hotspotCounts.value;
  const rest = counts[data.hotspots.length];
  const shown = data.hotspots.map((found, at) => ({ found, at })).filter(({ at }) => counts[at] > 0 || hotspot.value === at);
  return (
    <ol class="hotspots" onKeyDown={(event) => (event.target as HTMLElement).matches(".head") && moveFocus(event, ".head")}>
      {shown.map(({ found, at }) => (
        <Item key={found.id} at={at} found={found} shown={counts[at]} />
      ))}
      {data.hotspots.length === 0 && <li class="none">没有够得上热点的问题：工单太少，或彼此都不相干。</li>}
      {data.hotspots.length > 0 && shown.length === 0 && <li class="none">筛选后的工单都不在热点内。</li>}
      {(rest > 0 || hotspot.value === NONE) && (
        <li class={hotspot.value === NONE ? "hotspot rest open" : "hotspot rest"}>
          <button
            type="button"
            class="head"
            id="hotspot-none"
            aria-expanded={hotspot.value === NONE}
            onClick={() => openHotspot(hotspot.value === NONE ? ALL : NONE)}
          >
            <span class="rank">–</span>
            <span class="title">{data.all_hotspots > data.hotspots.length ? "不在所列热点内" : "不在热点内"}</span>
            <span class="facts">
              {filtered.value ? `筛选后 ${rest} 件，共 ${ofHotspot(NONE).length} 件` : `${rest} 件`} · 不硬凑
            </span>
          </button>
        </li>
      )}
    </ol>
  );
}
