import { effect } from "@preact/signals";
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { copyAddress } from "./copy";
import { csv, download, hotspotsTable } from "./csv";
import { count, data, firstDay, isoDay, lastDay } from "./data";
import { Filters } from "./Filters";
import { Hotspots } from "./Hotspots";
import { MapView } from "./MapView";
import { Orders } from "./Orders";
import { printWhenAsked } from "./Print";
import { hotspotCounts, inSight } from "./select";
import { ALL, filtered, hotspot, keepAddress, message, stepBack, type Tab, tab } from "./state";
import "./style.css";
import { Timeline } from "./Timeline";

const TABS: [Tab, string][] = [["hotspots", "热点"], ["map", "地图和日期"], ["orders", "工单"]];

function Top() {
  const [address, setAddress] = useState("");
  const copy = async () => {
    const done = await copyAddress();
    setAddress(done ? "" : location.href);
    message.value = done ? "已复制本视图的链接。链接里只有选择的条件，打开它要有同一个页面文件。" : "浏览器不让复制，请从下面的框里复制。";
  };
  return (
    <header class="top">
      <div class="name">
        <h1>{data.region}热点浏览</h1>
        <p>
          <bdi>{data.source}</bdi> · {isoDay(firstDay)} 至 {isoDay(lastDay)} · {count} 件工单
          {filtered.value && <b>，筛选后 {inSight.value.length} 件</b>}
        </p>
      </div>
      <div class="actions">
        <button type="button" class="link" id="copy" onClick={copy}>复制链接</button>
        <button type="button" class="link" id="print" onClick={() => window.print()}>打印</button>
      </div>
      {address && <input class="address" readOnly value={address} aria-label="本视图的链接" onFocus={(event) => event.currentTarget.select()} />}
      <Filters />
    </header>
  );
}

function HotspotPane() {
  const shown = hotspotCounts.value.slice(0, -1).filter((n) => n > 0).length;
  return (
    <section class="pane left" id="hotspots" aria-label="热点">
      <header>
        <h2>热点</h2>
        <p class="tools">
          <span><b>{shown}</b> 个，按热度排</span>
          <button
            type="button"
            class="link"
            id="export-hotspots"
            disabled={shown === 0}
            onClick={() => {
              download("热点.csv", csv(hotspotsTable()));
              message.value = `已导出 ${shown} 个热点，见浏览器的下载文件夹里的 热点.csv`;
            }}
          >
            导出 CSV
          </button>
        </p>
      </header>
      <div class="scroll"><Hotspots /></div>
    </section>
  );
}

function Message() {
  useEffect(() => {
    if (!message.value) return;
    const wait = setTimeout(() => (message.value = ""), 6000);
    return () => clearTimeout(wait);
  }, [message.value]);
  return <p class={message.value ? "message on" : "message"} role="status">{message.value}</p>;
}

function App() {
  return (
    <div class={`page show-${tab.value}`}>
      <a class="skip" href="#orders" onClick={(event) => { event.preventDefault(); document.querySelector<HTMLElement>("#orders .order > .head")?.focus(); }}>跳到工单</a>
      <Top />
      <nav class="tabs" aria-label="视图">
        {TABS.map(([name, label]) => (
          <button key={name} type="button" aria-pressed={tab.value === name} onClick={() => (tab.value = name)}>{label}</button>
        ))}
      </nav>
      <main>
        <HotspotPane />
        <section class="pane middle" aria-label="地图和日期">
          <MapView />
          <Timeline />
        </section>
        <Orders />
      </main>
      <Message />
    </div>
  );
}

keepAddress();
const app = document.getElementById("app")!;
app.textContent = "";
render(<App />, app);
printWhenAsked();
effect(() => {
  const found = data.hotspots[hotspot.value];
  document.title = `${found ? `${found.topic_name || found.title} - ` : ""}${data.region}热点浏览`;
});
addEventListener("keydown", (event) => {
  const typing = (event.target as HTMLElement).matches("input, textarea");
  if (event.key === "Escape") {
    const open = hotspot.value;
    if (stepBack()) event.preventDefault();
    requestAnimationFrame(() => {
      if (document.activeElement === document.body && open !== ALL)
        document.getElementById(`hotspot-${data.hotspots[open]?.id ?? "none"}`)?.focus();
    });
  }
  if (event.key === "/" && !typing) {
    event.preventDefault();
    document.getElementById("search")!.focus();
  }
});
