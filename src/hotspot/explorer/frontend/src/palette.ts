// Colours of Okabe and Ito (2008), told apart by colour-blind people; each has its own symbol too, for print in grey.
export const FONT = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Source Han Sans SC","WenQuanYi Micro Hei",sans-serif';
export const INK = "#1d2329";
export const SOFT = "#56616d";
export const LINE = "#d5dce3";
export const BLUE = "#0b5394";
export const PALE = "#b9c4cf";
export const OTHER = "#7d8995";
export const AWAY = "#d3dae1";

const MARKS = [
  { colour: "#0072b2", symbol: "circle", sign: "●" },
  { colour: "#d55e00", symbol: "triangle", sign: "▲" },
  { colour: "#009e73", symbol: "diamond", sign: "◆" },
  { colour: "#b65a94", symbol: "rect", sign: "■" },
  { colour: "#c98500", symbol: "path://M0,0 L10,0 L5,10 Z", sign: "▼" },
  { colour: "#3c9fd8", symbol: "path://M5,0 L10,4 L8,10 L2,10 L0,4 Z", sign: "⬟" },
] as const;

export interface Mark {
  colour: string;
  symbol: string;
  sign: string;
}

const PLAIN: Mark = { colour: OTHER, symbol: "circle", sign: "●" };

/** How many hotspots have a colour of their own. */
export const MARKED = MARKS.length;

export function markOf(row: number): Mark {
  return MARKS[row] ?? PLAIN;
}

/** Shades of the parts of heat, dark to light: told apart by lightness alone. */
export const SHADES = ["#10375c", "#2f6690", "#5b8fb9", "#8fb8d6", "#bcd6e8", "#dfecf5"];
