// The data of the page: as the library wrote them, unpacked once.
import { unzlibSync } from "fflate";

/** A column of few different values: their names, commonest first, and each order's number among them. */
export interface Coded {
  names: string[];
  codes: number[];
}

export interface Orders {
  id: string[];
  /** Minutes since 1970 by the wall clock. */
  created: number[];
  closed: (number | null)[];
  title: string[];
  text: string[];
  place: string[];
  reply: string[];
  yellow: number[];
  red: number[];
  /** Number of the caller, -1 where unknown. */
  caller: number[];
  /** Row of the hotspot, -1 for none that is listed; the same for the issue. */
  hotspot: number[];
  issue: number[];
  /** Whole numbers up to 10,000. */
  x: number[];
  y: number[];
  town: Coded;
  unit: Coded;
  nature: Coded;
  channel: Coded;
  satisfaction: Coded;
}

/** A sentence of the draft and the rows of the orders that it rests on, those that its words come from first. */
export interface Clause {
  text: string;
  orders: number[];
}

interface Group {
  id: string;
  title: string;
  orders: number;
  callers: number;
  places: string[];
  keywords: string[];
  /** Days since 1970. */
  first: number;
  last: number;
  peak: number;
}

export type Issue = Group;

export interface Hotspot extends Group {
  heat: number;
  /** What each part adds: its value within [0, 1], and the points of heat. */
  points: { part: number; value: number; points: number }[];
  lead: Clause | null;
  demands: Clause[];
  status?: string;
  topic?: string;
  topic_name?: string;
  crowds?: string[];
  previous?: number;
  burst?: [number, number];
}

export interface Data {
  version: string;
  source: string;
  region: string;
  all_hotspots: number;
  parts: { key: string; name: string; meaning: string }[];
  hotspots: Hotspot[];
  issues: Issue[];
  orders: Orders;
}

function unpack(): Data {
  const packed = atob(document.getElementById("data")!.textContent!.trim());
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; i++) bytes[i] = packed.charCodeAt(i);
  return JSON.parse(new TextDecoder().decode(unzlibSync(bytes))) as Data;
}

function opened(): Data {
  try {
    return unpack();
  } catch (error) {
    document.getElementById("app")!.textContent = "页面里的数据不完整，打不开。文件可能没有复制完，请重新复制或重新生成。";
    throw error;
  }
}

export const data = opened();
export const orders = data.orders;
export const count = orders.id.length;
/** Each order's day, in days since 1970. */
export const dayOf = Int32Array.from(orders.created, (minutes) => Math.floor(minutes / 1440));
export const firstDay = dayOf.reduce((a, b) => Math.min(a, b), dayOf[0]);
export const lastDay = dayOf.reduce((a, b) => Math.max(a, b), dayOf[0]);

export const hotspotRow = new Map(data.hotspots.map((hotspot, row) => [hotspot.id, row]));
export const issueRow = new Map(data.issues.map((issue, row) => [issue.id, row]));
export const orderRow = new Map(orders.id.map((id, row) => [id, row]));

const two = (n: number) => String(n).padStart(2, "0");

/** 2022-06-15 */
export function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** 06-15, with the year where the orders are of several. */
export function shortDay(day: number): string {
  return isoDay(firstDay).slice(0, 4) === isoDay(lastDay).slice(0, 4) ? isoDay(day).slice(5) : isoDay(day);
}

/** Day of a date as the page's fields write it; null where it is none. */
export function parseDay(text: string | null): number | null {
  if (!text || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return null;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) ? null : time / 86_400_000;
}

/** 2022-06-15 08:05 */
export function time(minutes: number | null): string {
  if (minutes === null) return "";
  const within = ((minutes % 1440) + 1440) % 1440;
  return `${isoDay(Math.floor(minutes / 1440))} ${two(Math.floor(within / 60))}:${two(within % 60)}`;
}
