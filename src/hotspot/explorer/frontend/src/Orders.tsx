// The orders in sight: a list of any length, of which only what is on the screen is drawn.
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "preact/hooks";
import { csv, download, ordersTable } from "./csv";
import { data, issueRow, orders, time } from "./data";
import { callersOf, listed } from "./select";
import { chooseFocus, facetName, focus, hotspot, latestFirst, message, openHotspot, order } from "./state";
import { snippet, Text } from "./text";

const CLOSED_HEIGHT = 92;

function Fact({ name, value }: { name: string; value: string | number }) {
  if (value === "") return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{typeof value === "string" ? <Text>{value}</Text> : value}</dd>
    </>
  );
}

function Whole({ row }: { row: number }) {
  const at = orders.hotspot[row];
  const issue = data.issues[orders.issue[row]];
  const coded = (name: "satisfaction" | "channel" | "unit" | "town") => orders[name].names[orders[name].codes[row]];
  return (
    <div class="whole" id={`order-${row}`}>
      <p class="text" tabIndex={orders.text[row].length > 600 ? 0 : undefined}>
        <Text>{orders.text[row]}</Text>
      </p>
      <dl>
        <Fact name="地点" value={orders.place[row]} />
        <Fact name="乡镇" value={coded("town")} />
        <Fact name="渠道" value={coded("channel")} />
        <Fact name="办结" value={time(orders.closed[row])} />
        <Fact name="办理结果" value={orders.reply[row]} />
        <Fact name="满意度" value={coded("satisfaction")} />
        {orders.yellow[row] + orders.red[row] > 0 && <Fact name="亮牌" value={`黄牌 ${orders.yellow[row]}，红牌 ${orders.red[row]}`} />}
        <dt>热点</dt>
        <dd>
          {at < 0 ? (
            "不在热点内"
          ) : (
            <button type="button" class="link" onClick={() => { openHotspot(at); order.value = row; }}>
              {at + 1} <bdi>{data.hotspots[at].topic_name || data.hotspots[at].title}</bdi>
            </button>
          )}
        </dd>
        {issue && (
          <>
            <dt>事项</dt>
            <dd>
              {at < 0 ? (
                <bdi>{issue.title}</bdi>
              ) : (
                <button type="button" class="link" onClick={() => { openHotspot(at); chooseFocus({ kind: "issue", row: issueRow.get(issue.id)! }); }}>
                  <bdi>{issue.title}</bdi>（共 {issue.orders} 件）
                </button>
              )}
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

function Order({ row }: { row: number }) {
  const open = order.value === row;
  return (
    <article class={open ? "order open" : "order"}>
      <button
        type="button"
        class="head"
        data-row={row}
        aria-expanded={open}
        aria-controls={open ? `order-${row}` : undefined}
        onClick={() => (order.value = open ? null : row)}
      >
        <span class="meta">
          <bdi>{orders.id[row]}</bdi> · {time(orders.created[row])} · <bdi>{facetName("nature", orders.nature.codes[row])}</bdi> ·{" "}
          <bdi>{facetName("unit", orders.unit.codes[row])}</bdi>
        </span>
        <span class="title">
          <Text>{orders.title[row] || orders.text[row].slice(0, 40)}</Text>
        </span>
        {!open && (
          <span class="snippet">
            <Text>{snippet(orders.text[row])}</Text>
          </span>
        )}
      </button>
      {open && <Whole row={row} />}
    </article>
  );
}

/** What of a hotspot the list shows, in words. */
function Heading() {
  const found = data.hotspots[hotspot.value];
  const chosen = focus.value;
  const title = hotspot.value === -2 ? "全部工单" : found ? `${hotspot.value + 1} ${found.topic_name || found.title}` : "不在热点内";
  let part = "";
  if (found && chosen?.kind === "demand") part = chosen.at === 0 ? "导语的依据" : `依据：${found.demands[chosen.at - 1].text}`;
  if (chosen?.kind === "issue") part = `事项：${data.issues[chosen.row].title}`;
  if (chosen?.kind === "place") part = `地点：${chosen.name}`;
  return (
    <>
      <h2>
        工单 <small class="of"><bdi>{title}</bdi></small>
      </h2>
      {part && (
        <p class="focus">
          <bdi>{part}</bdi>
          <button type="button" class="clear" aria-label="不只看这些" onClick={() => (focus.value = null)}>
            ×
          </button>
        </p>
      )}
    </>
  );
}

export function Orders() {
  const rows = listed.value;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CLOSED_HEIGHT,
    getItemKey: (i) => rows[i],
    overscan: 6,
  });
  const callers = callersOf(rows);
  useEffect(() => {
    const at = order.value === null ? -1 : rows.indexOf(order.value);
    if (at >= 0) list.scrollToIndex(at, { align: "auto" });
    else list.scrollToOffset(0);
  }, [rows]);
  useEffect(
    () =>
      order.subscribe((row) => {
        const at = row === null ? -1 : listed.value.indexOf(row);
        const shown = list.getVirtualItems();
        if (at >= 0 && !(at > (shown[0]?.index ?? 0) && at < (shown[shown.length - 1]?.index ?? 0))) list.scrollToIndex(at, { align: "start" });
      }),
    [],
  );
  const move = (event: KeyboardEvent) => {
    const head = (event.target as HTMLElement).closest<HTMLElement>(".order > .head");
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }[event.key];
    if (!head || step === undefined) return;
    event.preventDefault();
    const at = Math.max(0, Math.min(rows.length - 1, rows.indexOf(Number(head.dataset.row)) + step));
    list.scrollToIndex(at, { align: "auto" });
    const focusIt = (tries: number) => {
      const next = scroller.current!.querySelector<HTMLElement>(`[data-row="${rows[at]}"]`);
      if (next) next.focus({ preventScroll: true });
      else if (tries) requestAnimationFrame(() => focusIt(tries - 1));
    };
    requestAnimationFrame(() => focusIt(10));
  };
  return (
    <section class="pane orders" id="orders" aria-label="工单">
      <header>
        <Heading />
        <p class="tools">
          <span id="shown" aria-live="polite">
            <b>{rows.length}</b> 件{callers > 0 && `，${callers} 名来电人`}
          </span>
          {focus.value?.kind === "demand" ? (
            <span class="sort">最贴近这句的在前</span>
          ) : (
            <button type="button" class="link sort" id="sort" onClick={() => (latestFirst.value = !latestFirst.value)}>
              {latestFirst.value ? "先新后旧" : "先旧后新"}
            </button>
          )}
          <button
            type="button"
            class="link"
            id="export"
            disabled={rows.length === 0}
            onClick={() => {
              download("工单.csv", csv(ordersTable(rows)));
              message.value = `已导出 ${rows.length} 件工单，见浏览器的下载文件夹里的 工单.csv`;
            }}
          >
            导出 CSV
          </button>
        </p>
      </header>
      <div class="scroll" ref={scroller} onKeyDown={move}>
        {rows.length === 0 && <p class="none">没有符合的工单。可放宽筛选，或按 Esc 退回。</p>}
        <div role="list" style={{ height: `${list.getTotalSize()}px`, position: "relative" }}>
          {list.getVirtualItems().map((item) => (
            <div
              key={item.key}
              role="listitem"
              aria-setsize={rows.length}
              aria-posinset={item.index + 1}
              data-index={item.index}
              ref={list.measureElement}
              class="row"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <Order row={rows[item.index]} />
            </div>
          ))}
        </div>
      </div>
    </section>
  );
}
