import { t } from "../../texts/language.ts";
import { SUIT } from "../../texts/phone-views.ts";
import { span } from "../../ui/time.ts";
import { suitSince } from "../route.ts";
import { tell } from "./keeping.ts";
import { atDay } from "./naming.ts";
import { useNow } from "./useNow.ts";

/** The protective suit: on or off, since when, and until when it may be worn. */
export function Suit({ limitS }: { limitS: number | null }) {
  const now = useNow();
  const since = suitSince.value;
  const wornMs = since ? Math.max(0, now - Date.parse(since)) : 0;
  const until = since && limitS !== null ? Date.parse(since) + limitS * 1000 : null;
  const tooLong = until !== null && until <= now;
  return (
    <section class="panel stack">
      <h2>{t(SUIT.title)}</h2>
      {since && (
        <p class={tooLong ? "notice notice--bad" : ""} role="status">
          {t(SUIT.since, { time: atDay(since), span: span(wornMs) })}{" "}
          {until && (tooLong ? t(SUIT.tooLong) : t(SUIT.left, { time: atDay(new Date(until).toISOString()) }))}
        </p>
      )}
      <button
        type="button"
        class={tooLong ? "button button--primary" : "button"}
        onClick={() => void tell({ report: "suit", on: since === null })}
      >
        {t(since ? SUIT.takeOff : SUIT.putOn)}
      </button>
    </section>
  );
}
