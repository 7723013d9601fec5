import "../ui/tokens.css";
import { render } from "preact";
import { t } from "../texts/language.ts";
import { PRODUCT } from "../texts/words.ts";

const page = document.getElementById("page");
if (page)
  render(
    <main>
      <h1>{t(PRODUCT)}</h1>
    </main>,
    page,
  );
