/** An address in two parts: what one looks for from the street, and what one looks for inside the house. */

export interface AddressParts {
  readonly street: string;
  /** Building, entrance, floor, flat; empty where the address does not say. */
  readonly unit: string;
}

const CHINESE_UNIT =
  /(?:[0-9０-９A-Za-z一二三四五六七八九十甲乙丙丁]+(?:号楼|栋|幢|座|单元|楼|层|室|户|房)[\s,，、-]*)+$/u;
const ENGLISH_UNIT =
  /^(?:building|bldg|block|entrance|stairs?|floor|fl|level|flat|unit|apt|apartment|room|rm|suite)\b/i;

export function addressParts(address: string): AddressParts {
  const text = address.trim();
  const chinese = CHINESE_UNIT.exec(text);
  if (chinese && chinese.index > 0)
    return { street: text.slice(0, chinese.index).replace(/[\s,，、-]+$/u, ""), unit: chinese[0].trim() };
  const segments = text.split(/\s*,\s*/);
  const unit = segments.filter((segment) => ENGLISH_UNIT.test(segment));
  if (unit.length === segments.length) return { street: text, unit: "" };
  return { street: segments.filter((segment) => !unit.includes(segment)).join(", "), unit: unit.join(", ") };
}
