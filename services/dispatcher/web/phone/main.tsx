import "../ui/tokens.css";
import "../ui/controls.css";
import "./shell.css";
import { render } from "preact";
import { chooseLanguage, language } from "../texts/language.ts";
import { App } from "./App.tsx";
import { startEngine } from "./engine.ts";
import { watchLinks } from "./link.ts";
import { watchPlace } from "./place.ts";
import { startServiceWorker } from "./updates.ts";

const page = document.getElementById("page");
chooseLanguage(language.value);
watchLinks();
watchPlace();
void startEngine();
void startServiceWorker();
if (page) render(<App />, page);
