import { chooseLanguage, language, t } from "../texts/language.ts";
import { LANGUAGE } from "../texts/ui.ts";

/** Chinese or English, each named in itself. */
export function LanguageSwitch() {
  return (
    <div class="row" role="group" aria-label={t(LANGUAGE)}>
      {(["zh", "en"] as const).map((one) => (
        <button
          key={one}
          type="button"
          class="chip"
          lang={one === "zh" ? "zh-CN" : "en"}
          aria-pressed={language.value === one}
          onClick={() => chooseLanguage(one)}
        >
          {one === "zh" ? "中文" : "English"}
        </button>
      ))}
    </div>
  );
}
