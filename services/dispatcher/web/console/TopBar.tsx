import { useState } from "preact/hooks";
import { FRAME, PERMISSION } from "../texts/console-board.ts";
import { t } from "../texts/language.ts";
import { PRODUCT } from "../texts/words.ts";
import { LanguageSwitch } from "../ui/LanguageSwitch.tsx";
import { sentence } from "../ui/refusal.ts";
import { say } from "../ui/toasts.tsx";
import { wouldLose } from "./leaving.ts";
import { liveness } from "./live.ts";
import { chooseDistrict } from "./load.ts";
import { district, districts, mayChange, who } from "./model.ts";
import { go, place } from "./router.ts";
import { logOut } from "./session.ts";

/** Where one is, where one may go, whether what is seen is live, and who one is. */
export function TopBar() {
  const at = place.value.at;
  return (
    <header class="top">
      <button type="button" class="top__skip" onClick={() => document.getElementById("wrong-heading")?.focus()}>
        {t(FRAME.skip)}
      </button>
      <span class="top__product">{t(PRODUCT)}</span>
      <DistrictChoice />
      <nav class="top__places" aria-label={t(FRAME.places)}>
        <Go to="/" here={at === "board" || at === "task" || at === "team" || at === "review"} text={t(FRAME.board)} />
        {mayChange.value && <Go to="/new" here={at === "new"} text={t(FRAME.newTask)} />}
        {mayChange.value && <Go to="/import" here={at === "import"} text={t(FRAME.importTasks)} />}
        <Go to="/people/follow-ups" here={at === "people"} text={t(FRAME.people)} />
        <Go to="/figures" here={at === "figures"} text={t(FRAME.figures)} />
        <Go to="/setup/teams" here={at === "setup"} text={t(FRAME.setUp)} />
      </nav>
      <span class={`top__live top__live--${liveness.value}`} role="status">
        {t(FRAME[liveness.value])}
      </span>
      <Account />
    </header>
  );
}

function Go({ to, here, text }: { to: string; here: boolean; text: string }) {
  return (
    <a href={`#${to}`} aria-current={here ? "page" : undefined}>
      {text}
    </a>
  );
}

function DistrictChoice() {
  const here = district.value;
  if (!here) return null;
  if (districts.value.length < 2) return <span class="top__district">{here.name}</span>;
  return (
    <select
      class="top__district top__district--choice"
      aria-label={t(FRAME.district)}
      value={here.id}
      onChange={({ currentTarget }) => {
        chooseDistrict(currentTarget.value);
        go("/");
      }}
    >
      {districts.value.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Account() {
  const account = who.value;
  if (!account) return null;
  return (
    <details class="top__account">
      <summary>
        <span class="top__name">{account.name}</span>
        {!mayChange.value && <span class="badge badge--info">{t(FRAME.auditor)}</span>}
      </summary>
      <div class="top__menu stack">
        <span class="top__permission">{t(PERMISSION[account.permission])}</span>
        <LanguageSwitch />
        <LogOutButton />
      </div>
    </details>
  );
}

export function LogOutButton() {
  const [warned, setWarned] = useState(false);
  const leave = () => {
    if (wouldLose() && !warned) setWarned(true);
    else logOut().catch((error: unknown) => say(sentence(error), "bad"));
  };
  return (
    <>
      {warned && (
        <p class="notice notice--warn" role="alert">
          {t(FRAME.logOutLoses)}
        </p>
      )}
      <button type="button" class={warned ? "button button--danger" : "button"} onClick={leave}>
        {t(FRAME.logOut)}
      </button>
    </>
  );
}
