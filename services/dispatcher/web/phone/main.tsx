import "../ui/tokens.css";
import "../ui/controls.css";
import "./shell.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { language } from "../texts/language.ts";
import { App } from "./App.tsx";
import { startEngine } from "./engine.ts";
import { watchLinks } from "./link.ts";
import { watchPlace } from "./place.ts";
import { startServiceWorker } from "./updates.ts";

const page = document.getElementById("page");
effect(() => {
  document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
});
watchLinks();
watchPlace();
void startEngine();
void startServiceWorker();
if (page) render(<App />, page);
