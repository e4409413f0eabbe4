// Which orders are in sight: every view draws from these.
import { computed } from "@preact/signals";
import { count, data, dayOf, firstDay, lastDay, orders } from "./data";
import { ALL, FACETS, facets, type Facet, focus, from, hotspot, latestFirst, NONE, query, to } from "./state";

const DAY = 1;
const SEARCH = 2;
const FACET_BITS: Record<Facet, number> = { town: 4, unit: 8, nature: 16, channel: 32 };

/** Fold for search: lower case, full-width letters and digits as half-width ones. */
function fold(text: string): string {
  return text.toLowerCase().replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
}

/** The words that an order must hold, all of them, each anywhere in it. */
export const words = computed(() => [...new Set(fold(query.value).split(/\s+/).filter(Boolean))]);

let folded: string[] | null = null;

/** All that can be searched of each order, folded once, when first needed. */
function searchable(): string[] {
  folded ??= orders.id.map((id, i) =>
    fold(
      [id, orders.title[i], orders.text[i], orders.place[i], orders.unit.names[orders.unit.codes[i]], orders.reply[i]].join(
        "\n",
      ),
    ),
  );
  return folded;
}

const missesSearch = computed(() => {
  const misses = new Uint8Array(count);
  if (words.value.length === 0) return misses;
  const texts = searchable();
  for (const word of words.value) for (let i = 0; i < count; i++) if (!misses[i] && !texts[i].includes(word)) misses[i] = 1;
  return misses;
});

/** The filters that each order fails, a bit each: 0 for an order in sight. */
const fails = computed(() => {
  const failed = new Uint8Array(count);
  const first = from.value ?? -Infinity;
  const last = to.value ?? Infinity;
  const misses = missesSearch.value;
  for (let i = 0; i < count; i++) {
    if (misses[i]) failed[i] |= SEARCH;
    if (dayOf[i] < first || dayOf[i] > last) failed[i] |= DAY;
  }
  for (const facet of FACETS) {
    const chosen = facets[facet].value!;
    if (chosen.size === 0) continue;
    const passes = orders[facet].names.map((_, code) => chosen.has(code));
    const codes = orders[facet].codes;
    for (let i = 0; i < count; i++) if (!passes[codes[i]]) failed[i] |= FACET_BITS[facet];
  }
  return failed;
});

/** Rows that pass all filters. */
export const inSight = computed(() => {
  const rows: number[] = [];
  fails.value.forEach((failed, i) => {
    if (failed === 0) rows.push(i);
  });
  return rows;
});

/** How many orders each value of a facet would show, all other filters kept. */
export function facetCounts(facet: Facet): number[] {
  const counts = new Array<number>(orders[facet].names.length).fill(0);
  const codes = orders[facet].codes;
  fails.value.forEach((failed, i) => {
    if ((failed & ~FACET_BITS[facet]) === 0) counts[codes[i]]++;
  });
  return counts;
}

/** Rows that pass all filters but that of the day. */
export const onAnyDay = computed(() => {
  const rows: number[] = [];
  fails.value.forEach((failed, i) => {
    if ((failed & ~DAY) === 0) rows.push(i);
  });
  return rows;
});

export function countByDay(rows: Iterable<number>): number[] {
  const counts = new Array<number>(lastDay - firstDay + 1).fill(0);
  for (const row of rows) counts[dayOf[row] - firstDay]++;
  return counts;
}

/** Orders in sight of each hotspot; those in none come last. */
export const hotspotCounts = computed(() => {
  const counts = new Array<number>(data.hotspots.length + 1).fill(0);
  for (const row of inSight.value) counts[orders.hotspot[row] < 0 ? data.hotspots.length : orders.hotspot[row]]++;
  return counts;
});

/** How many of some orders are in sight. */
export function countInSight(rows: readonly number[]): number {
  const failed = fails.value;
  return rows.reduce((n, row) => n + (failed[row] === 0 ? 1 : 0), 0);
}

/** All rows of a hotspot, or of none. */
export const rowsOfHotspot = computed(() => {
  const rows: number[][] = Array.from({ length: data.hotspots.length + 1 }, () => []);
  orders.hotspot.forEach((at, i) => rows[at < 0 ? data.hotspots.length : at].push(i));
  return rows;
});

export function ofHotspot(at: number): number[] {
  return rowsOfHotspot.value[at === NONE ? data.hotspots.length : at];
}

/** Rows of a hotspot's orders that name a place. */
export function namingPlace(at: number, name: string): number[] {
  return ofHotspot(at).filter((i) => `${orders.place[i]}\n${orders.title[i]}\n${orders.text[i]}`.includes(name));
}

/** The rows that the choice within a hotspot stands for; null where nothing is chosen. */
const focused = computed<number[] | null>(() => {
  const chosen = focus.value;
  const found = data.hotspots[hotspot.value];
  if (!chosen || !found) return null;
  if (chosen.kind === "demand") return (chosen.at === 0 ? found.lead : found.demands[chosen.at - 1])?.orders ?? null;
  if (chosen.kind === "issue") return ofHotspot(hotspot.value).filter((i) => orders.issue[i] === chosen.row);
  return namingPlace(hotspot.value, chosen.name);
});

/** Rows that are chosen and pass all filters but that of the day; null where nothing is chosen. */
const chosenRows = computed<number[] | null>(() => (hotspot.value === ALL ? null : (focused.value ?? ofHotspot(hotspot.value))));

/** The orders of the list. A clause's come in the order in which its words were taken from them, others by time. */
export const listed = computed(() => {
  const failed = fails.value;
  const rows = chosenRows.value === null ? inSight.value : chosenRows.value.filter((i) => failed[i] === 0);
  if (focus.value?.kind === "demand") return rows;
  return latestFirst.value ? [...rows].reverse() : rows;
});

/** Day counts of what is chosen, whatever the day; null where nothing is chosen. */
export const chosenByDay = computed(() => {
  const failed = fails.value;
  return chosenRows.value === null ? null : countByDay(chosenRows.value.filter((i) => (failed[i] & ~DAY) === 0));
});

/** Known callers of some orders. */
export function callersOf(rows: readonly number[]): number {
  const seen = new Set<number>();
  for (const row of rows) if (orders.caller[row] >= 0) seen.add(orders.caller[row]);
  return seen.size;
}
