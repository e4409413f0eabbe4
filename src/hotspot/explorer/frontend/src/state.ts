// What is chosen, and the address that says so: each is made from the other.
import { batch, computed, effect, signal } from "@preact/signals";
import { data, hotspotRow, isoDay, issueRow, orderRow, orders, parseDay } from "./data";

export const FACETS = ["town", "unit", "nature", "channel"] as const;
export type Facet = (typeof FACETS)[number];
export const FACET_NAMES: Record<Facet, string> = { town: "乡镇", unit: "承办单位", nature: "性质", channel: "渠道" };
/** What stands for an empty value: of a town that no order names, of a column that the file left blank. */
export const UNSTATED = "未写明";

/** No hotspot chosen, or the orders that are in none. */
export const ALL = -2;
export const NONE = -1;

/** What of a hotspot is chosen: its lead (demand 0), one of its demands (from 1), an issue, a place. */
export type Focus =
  | { kind: "demand"; at: number }
  | { kind: "issue"; row: number }
  | { kind: "place"; name: string }
  | null;

export type Tab = "hotspots" | "map" | "orders";

export const query = signal("");
export const facets: Record<Facet, ReturnType<typeof signal<ReadonlySet<number>>>> = {
  town: signal<ReadonlySet<number>>(new Set()),
  unit: signal<ReadonlySet<number>>(new Set()),
  nature: signal<ReadonlySet<number>>(new Set()),
  channel: signal<ReadonlySet<number>>(new Set()),
};
export const from = signal<number | null>(null);
export const to = signal<number | null>(null);
export const hotspot = signal<number>(ALL);
export const focus = signal<Focus>(null);
export const order = signal<number | null>(null);
export const latestFirst = signal(false);
export const tab = signal<Tab>("hotspots");
export const message = signal("");

export const filtered = computed(
  () =>
    query.value.trim() !== "" ||
    from.value !== null ||
    to.value !== null ||
    FACETS.some((facet) => facets[facet].value!.size > 0),
);

export function facetName(facet: Facet, code: number): string {
  return orders[facet].names[code] || UNSTATED;
}

export function clearFilters(): void {
  batch(() => {
    query.value = "";
    from.value = to.value = null;
    for (const facet of FACETS) facets[facet].value = new Set();
  });
}

export function setDays(first: number | null, last: number | null): void {
  batch(() => {
    from.value = first !== null && last !== null && last < first ? last : first;
    to.value = first !== null && last !== null && last < first ? first : last;
  });
}

export function openHotspot(row: number): void {
  batch(() => {
    hotspot.value = row;
    focus.value = null;
    order.value = null;
  });
}

/** Choose something of the open hotspot, or nothing where it is chosen already; the orders come into sight. */
export function chooseFocus(chosen: Focus): void {
  batch(() => {
    focus.value = sameFocus(focus.value, chosen) ? null : chosen;
    order.value = null;
    if (focus.value) tab.value = "orders";
  });
}

export function sameFocus(a: Focus, b: Focus): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Undo the innermost choice; says whether there was one. */
export function stepBack(): boolean {
  if (order.value !== null) order.value = null;
  else if (focus.value) focus.value = null;
  else if (hotspot.value !== ALL) hotspot.value = ALL;
  else return false;
  return true;
}

/** The choice as an address's fragment: names and ids, which still mean the same when the page is made again. */
function written(): string {
  const said = new URLSearchParams();
  if (hotspot.value !== ALL) said.set("hotspot", hotspot.value === NONE ? "none" : data.hotspots[hotspot.value].id);
  const chosen = focus.value;
  if (chosen?.kind === "demand") said.set("demand", String(chosen.at));
  if (chosen?.kind === "issue") said.set("issue", data.issues[chosen.row].id);
  if (chosen?.kind === "place") said.set("place", chosen.name);
  if (query.value.trim()) said.set("q", query.value.trim());
  for (const facet of FACETS)
    for (const code of facets[facet].value!) said.append(facet, orders[facet].names[code]);
  if (from.value !== null) said.set("from", isoDay(from.value));
  if (to.value !== null) said.set("to", isoDay(to.value));
  if (latestFirst.value) said.set("latest", "1");
  if (order.value !== null) said.set("order", orders.id[order.value]);
  if (tab.value !== "hotspots") said.set("tab", tab.value);
  return said.toString();
}

/** Take the choice from the address; what it names and the page does not hold is left out. */
function read(): void {
  const said = new URLSearchParams(location.hash.slice(1));
  batch(() => {
    const id = said.get("hotspot");
    hotspot.value = id === "none" ? NONE : (hotspotRow.get(id ?? "") ?? ALL);
    focus.value = readFocus(said);
    query.value = said.get("q") ?? "";
    for (const facet of FACETS) {
      const codes = said.getAll(facet).map((name) => orders[facet].names.indexOf(name));
      facets[facet].value = new Set(codes.filter((code) => code >= 0));
    }
    setDays(parseDay(said.get("from")), parseDay(said.get("to")));
    latestFirst.value = said.get("latest") === "1";
    order.value = orderRow.get(said.get("order") ?? "") ?? null;
    const wanted = said.get("tab");
    tab.value = wanted === "map" || wanted === "orders" ? wanted : "hotspots";
  });
}

function readFocus(said: URLSearchParams): Focus {
  const chosen = data.hotspots[hotspot.value];
  if (!chosen) return null;
  const at = Number(said.get("demand") ?? NaN);
  if (at === 0 ? chosen.lead : chosen.demands[at - 1]) return { kind: "demand", at };
  const row = issueRow.get(said.get("issue") ?? "");
  if (row !== undefined) return { kind: "issue", row };
  const name = said.get("place");
  return name && chosen.places.includes(name) ? { kind: "place", name } : null;
}

/** Keep choice and address the same. Opening a hotspot is a step that the browser's own back button undoes. */
export function keepAddress(): void {
  read();
  let last = hotspot.value;
  effect(() => {
    const fragment = written();
    if (fragment === location.hash.slice(1)) return;
    const address = `${location.pathname}${location.search}#${fragment}`;
    if (hotspot.value === last) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    last = hotspot.value;
  });
  addEventListener("popstate", () => {
    read();
    last = hotspot.value;
  });
}
