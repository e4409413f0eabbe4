// Tables that Excel reads: UTF-8 with a byte-order mark, no cell can start a formula (as the library's csv_bytes).
import { data, isoDay, orders, time } from "./data";
import { hotspotCounts } from "./select";

const FORMULA = /^(?:[=@\t\r\n\uff1d\uff20]|[+\-\uff0b\uff0d](?![\w.\-]*$))/;

function cell(value: string | number): string {
  const text = typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function csv(rows: (string | number)[][]): string {
  return "\ufeff" + rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

export function ordersTable(rows: readonly number[]): (string | number)[][] {
  const coded = ["channel", "nature", "unit", "town"] as const;
  const head = [
    "工单编号", "来电时间", "办结时间", "来源渠道", "工单类型", "承办单位", "乡镇", "事发地址", "标题", "内容", "办理结果",
    "满意度", "黄牌", "红牌", "热点", "热点标题", "事项", "事项标题",
  ];
  return [
    head,
    ...rows.map((i) => {
      const hotspot = data.hotspots[orders.hotspot[i]];
      const issue = data.issues[orders.issue[i]];
      return [
        orders.id[i], time(orders.created[i]), time(orders.closed[i]),
        ...coded.map((name) => orders[name].names[orders[name].codes[i]]),
        orders.place[i], orders.title[i], orders.text[i], orders.reply[i],
        orders.satisfaction.names[orders.satisfaction.codes[i]], orders.yellow[i], orders.red[i],
        hotspot?.id ?? "", hotspot?.title ?? "", issue?.id ?? "", issue?.title ?? "",
      ];
    }),
  ];
}

export function hotspotsTable(): (string | number)[][] {
  const counts = hotspotCounts.value;
  const head = [
    "名次", "热点", "标题", "热度", ...data.parts.map((part) => `热度_${part.name}`), "工单", "筛选后工单", "来电人",
    "最早", "最晚", "最多", "地点", "诉求",
  ];
  const shown = data.hotspots.map((hotspot, row) => ({ hotspot, row })).filter(({ row }) => counts[row] > 0);
  return [
    head,
    ...shown.map(({ hotspot, row }) => [
      row + 1, hotspot.id, hotspot.title, hotspot.heat,
      ...data.parts.map((_, at) => hotspot.points.find((point) => point.part === at)?.value ?? ""),
      hotspot.orders, counts[row], hotspot.callers, isoDay(hotspot.first), isoDay(hotspot.last), isoDay(hotspot.peak),
      hotspot.places.join("、"), hotspot.demands.map((clause) => clause.text).join("\uff1b"),
    ]),
  ];
}

export function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
