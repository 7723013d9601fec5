import "../ui/tokens.css";
import "../ui/controls.css";
import "./shell.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { language, t } from "../texts/language.ts";
import { PRODUCT } from "../texts/words.ts";
import { App } from "./App.tsx";
import { startEngine } from "./engine.ts";
import { watchLinks } from "./link.ts";
import { watchPlace } from "./place.ts";
import { startServiceWorker } from "./updates.ts";

const page = document.getElementById("page");
effect(() => {
  document.title = t(PRODUCT);
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
watchLinks();
watchPlace();
void startEngine();
void startServiceWorker();
if (page) render(<App />, page);
