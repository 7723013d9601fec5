/** Texts of the grids and their upload. */

import type { Text } from "./language.ts";

export const GRIDS = {
  map: { en: "Map of the grids", zh: "网格地图" },
  upload: { en: "Upload GeoJSON", zh: "上传 GeoJSON" },
  download: { en: "Download GeoJSON", zh: "下载 GeoJSON" },
  what: {
    en: "A FeatureCollection of Polygons or MultiPolygons in WGS 84. properties.code names a grid, properties.name is what people read.",
    zh: "由 Polygon 或 MultiPolygon 组成的 FeatureCollection，WGS 84 坐标。properties.code 为网格代码，properties.name 为显示名称。",
  },
  empty: {
    en: "No grids yet. Upload a GeoJSON file to draw them.",
    zh: "还没有网格。请上传 GeoJSON 文件。",
  },
  list: { en: "Grids: {n}", zh: "{n} 个网格" },
  area: { en: "{n} km²", zh: "{n} 平方公里" },
  areaSmall: { en: "{n} m²", zh: "{n} 平方米" },
  preview: { en: "Preview of {file}", zh: "预览：{file}" },
  nothingSent: { en: "Nothing is sent yet.", zh: "尚未提交。" },
  added: { en: "new", zh: "新增" },
  changed: { en: "changed", zh: "变更" },
  same: { en: "as they are", zh: "不变" },
  missing: { en: "not in the file", zh: "文件中没有" },
  removed: { en: "removed", zh: "删除" },
  replace: { en: "Remove grids that are not in the file ({n})", zh: "删除文件中没有的 {n} 个网格" },
  removeWhy: {
    en: "Teams that live in a removed grid lose their home grid.",
    zh: "以被删除网格为责任网格的小组将失去责任网格。",
  },
  bad: {
    en: "Features that cannot be read: {n}. Mend the file and choose it again.",
    zh: "{n} 个要素无法读取，请修改文件后重新选择。",
  },
  feature: { en: "feature {n}", zh: "第 {n} 个要素" },
  notGeoJson: { en: "This is not a GeoJSON FeatureCollection.", zh: "不是 GeoJSON FeatureCollection。" },
  notWgs84: { en: "Its coordinates are not WGS 84.", zh: "坐标系不是 WGS 84。" },
  tooMany: { en: "More than 5,000 grids.", zh: "网格超过 5000 个。" },
  noFeatures: { en: "There is no grid in it.", zh: "文件中没有网格。" },
  noCode: { en: "has no code", zh: "缺少代码" },
  longCode: { en: "its code is longer than 63 characters", zh: "代码超过 63 个字符" },
  twice: { en: "has the same code as another: {code}", zh: "代码重复：{code}" },
  noPolygon: { en: "is no Polygon or MultiPolygon", zh: "不是 Polygon 或 MultiPolygon" },
  badRing: { en: "has a ring that is not closed or has fewer than four positions", zh: "边界未闭合或少于四个点" },
  badPosition: {
    en: "has a position that is not longitude and latitude in degrees",
    zh: "坐标不是以度为单位的经纬度",
  },
  draw: { en: "Draw grids ({n})", zh: "写入 {n} 个网格" },
  nothing: { en: "Everything in the file is as it is already.", zh: "与现有网格完全一致。" },
  done: {
    en: "Grids added: {added}, changed: {changed}, removed: {removed}. In another grid now: {households} households, {tasks} open tasks.",
    zh: "新增 {added}，变更 {changed}，删除 {removed}。{households} 户、{tasks} 个未结任务的所属网格已更新。",
  },
  drop: { en: "or drop it here", zh: "或拖放到此处" },
} satisfies Record<string, Text>;
