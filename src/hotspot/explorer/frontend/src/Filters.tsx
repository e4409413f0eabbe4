// The filters, which every view follows.
import { useEffect, useRef, useState } from "preact/hooks";
import { isoDay, firstDay, lastDay, orders, parseDay } from "./data";
import { moveFocus } from "./keys";
import { facetCounts } from "./select";
import { clearFilters, FACET_NAMES, FACETS, type Facet, facetName, facets, filtered, from, query, setDays, to } from "./state";

const SEARCH_DELAY = 120;
const MANY = 12;

function Search() {
  const [typed, setTyped] = useState(query.value);
  useEffect(() => query.subscribe(setTyped), []);
  useEffect(() => {
    if (typed === query.value) return;
    const wait = setTimeout(() => (query.value = typed), SEARCH_DELAY);
    return () => clearTimeout(wait);
  }, [typed]);
  return (
    <div class="search">
      <input
        id="search"
        type="search"
        value={typed}
        placeholder="搜工单，几个词用空格隔开"
        aria-label="搜工单：编号、标题、内容、地点、单位、办理结果；几个词用空格隔开，都要有"
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") query.value = typed;
          if (event.key === "Escape" && typed) {
            event.stopPropagation();
            setTyped("");
          }
        }}
      />
      {typed && (
        <button class="clear" type="button" aria-label="清除搜索" onClick={() => { setTyped(""); document.getElementById("search")!.focus(); }}>
          ×
        </button>
      )}
    </div>
  );
}

function Values({ facet }: { facet: Facet }) {
  const [wanted, setWanted] = useState("");
  const chosen = facets[facet].value!;
  const counts = facetCounts(facet);
  const rows = counts
    .map((count, code) => ({ count, code, name: facetName(facet, code) }))
    .filter((row) => (row.count > 0 || chosen.has(row.code)) && row.name.includes(wanted.trim()));
  const toggle = (code: number) => {
    const next = new Set(chosen);
    if (!next.delete(code)) next.add(code);
    facets[facet].value = next;
  };
  return (
    <div class="values" role="group" aria-label={FACET_NAMES[facet]} onKeyDown={(event) => moveFocus(event, "input[type=checkbox]")}>
      {counts.length > MANY && (
        <input
          type="search"
          class="find"
          value={wanted}
          placeholder={`找${FACET_NAMES[facet]}`}
          aria-label={`找${FACET_NAMES[facet]}`}
          onInput={(event) => setWanted(event.currentTarget.value)}
        />
      )}
      <ul>
        {rows.map(({ count, code, name }) => (
          <li key={code}>
            <label>
              <input type="checkbox" checked={chosen.has(code)} onChange={() => toggle(code)} />
              <bdi>{name}</bdi>
              <span class="n">{count}</span>
            </label>
          </li>
        ))}
        {rows.length === 0 && <li class="none">没有</li>}
      </ul>
      {chosen.size > 0 && (
        <button type="button" class="link" onClick={() => (facets[facet].value = new Set())}>
          全部{FACET_NAMES[facet]}
        </button>
      )}
    </div>
  );
}

function FacetMenu({ facet }: { facet: Facet }) {
  const [open, setOpen] = useState(false);
  const holder = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => holder.current!.contains(event.target as Node) || setOpen(false);
    document.addEventListener("pointerdown", away);
    holder.current!.querySelector<HTMLElement>(".values input")?.focus();
    return () => document.removeEventListener("pointerdown", away);
  }, [open]);
  const chosen = [...facets[facet].value!];
  const said = chosen.length === 1 ? facetName(facet, chosen[0]) : chosen.length ? `${chosen.length} 个` : "全部";
  if (orders[facet].names.every((name) => name === "")) return null;
  return (
    <div
      class="facet"
      ref={holder}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        setOpen(false);
        button.current!.focus();
      }}
      onFocusOut={(event) => {
        if (event.relatedTarget && !holder.current!.contains(event.relatedTarget as Node)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        id={`facet-${facet}`}
        class={chosen.length ? "menu on" : "menu"}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !open) {
            event.preventDefault();
            setOpen(true);
          }
        }}
      >
        <span class="label">{FACET_NAMES[facet]}</span> <bdi class="said">{said}</bdi>
      </button>
      {open && <Values facet={facet} />}
    </div>
  );
}

function Days() {
  const first = from.value ?? firstDay;
  const last = to.value ?? lastDay;
  // the ends of the whole span are no filter
  const choose = (a: number, b: number) => setDays(a <= firstDay ? null : a, b >= lastDay ? null : b);
  const field = (label: string, id: string, value: number, set: (day: number) => void) => (
    <input
      type="date"
      id={id}
      aria-label={label}
      min={isoDay(firstDay)}
      max={isoDay(lastDay)}
      required
      value={isoDay(value)}
      onInput={(event) => {
        const day = parseDay(event.currentTarget.value);
        // a year that is being typed is not yet within the span
        if (day !== null && day >= firstDay && day <= lastDay) set(day);
      }}
    />
  );
  return (
    <div class={from.value !== null || to.value !== null ? "days on" : "days"} role="group" aria-label="来电日期">
      <span class="label">日期</span>
      {field("从哪天起", "from", first, (day) => choose(day, Math.max(day, last)))}
      <span aria-hidden="true">–</span>
      {field("到哪天止", "to", last, (day) => choose(Math.min(first, day), day))}
    </div>
  );
}

export function Filters() {
  const [open, setOpen] = useState(false);
  const active = FACETS.filter((facet) => facets[facet].value!.size > 0).length + Number(from.value !== null || to.value !== null);
  return (
    <div class={open ? "filters all" : "filters"} role="search">
      <Search />
      <button type="button" class={active ? "menu more on" : "menu more"} id="more" aria-expanded={open} onClick={() => setOpen(!open)}>
        筛选{active > 0 && ` ${active}`}
      </button>
      {FACETS.map((facet) => (
        <FacetMenu key={facet} facet={facet} />
      ))}
      <Days />
      <button type="button" class="link" id="clear" disabled={!filtered.value} onClick={clearFilters}>
        清除筛选
      </button>
    </div>
  );
}
