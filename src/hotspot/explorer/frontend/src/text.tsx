// Texts of orders: isolated, so that no mark of direction reaches beyond them; what was searched for is marked.
import { words } from "./select";

const FULL = (c: string) => (/[!-~]/.test(c) ? String.fromCharCode(c.charCodeAt(0) + 0xfee0) : "");
const escaped = (c: string) => c.replace(/[.*+?^${}()|[\]\\/\-]/g, "\\$&");

/** Any of the words, in either width and either case. */
function pattern(): RegExp | null {
  if (words.value.length === 0) return null;
  const one = (word: string) =>
    [...word].map((c) => (FULL(c) ? `(?:${escaped(c)}|${FULL(c)}|${FULL(c.toUpperCase())})` : escaped(c))).join("");
  const longestFirst = [...words.value].sort((a, b) => b.length - a.length);
  return new RegExp(`(${longestFirst.map(one).join("|")})`, "gi");
}

export function Text({ children }: { children: string }) {
  const found = pattern();
  if (!found) return <bdi>{children}</bdi>;
  return (
    <bdi>
      {children.split(found).map((part, i) => (i % 2 ? <mark key={i}>{part}</mark> : part))}
    </bdi>
  );
}

const AROUND = 24;
const SNIPPET = 160;

/** The beginning of a text, or of what stands around the first word that was searched for. */
export function snippet(text: string): string {
  const at = pattern()?.exec(text)?.index ?? 0;
  const start = at > SNIPPET / 2 ? at - AROUND : 0;
  return (start ? "…" : "") + text.slice(start, start + SNIPPET) + (text.length > start + SNIPPET ? "…" : "");
}
