import "./app.css";
import { useEffect, useId, useRef } from "preact/hooks";
import { FRAME, LOG_IN } from "../texts/console-board.ts";
import { language, t } from "../texts/language.ts";
import { ProblemNote } from "../ui/ProblemNote.tsx";
import { Toasts } from "../ui/toasts.tsx";
import { Board } from "./board/Board.tsx";
import { Lazily } from "./Lazily.tsx";
import { LogInForm, LogInPage } from "./LogIn.tsx";
import { start } from "./live.ts";
import { loadDistricts } from "./load.ts";
import { district, isAdmin, who } from "./model.ts";
import { place } from "./router.ts";
import { resume, session } from "./session.ts";
import { LogOutButton, TopBar } from "./TopBar.tsx";
import { type Tried, useTried } from "./useTried.ts";

const figures = () => import("./figures/FiguresPage.tsx").then(({ FiguresPage }) => FiguresPage);
const setUp = () => import("./setup/SetUp.tsx").then(({ SetUp }) => SetUp);

const people = () => import("./people/People.tsx").then(({ People }) => People);

export function App() {
  useEffect(() => {
    document.title = t(FRAME.title);
    document.documentElement.lang = language.value === "zh" ? "zh-CN" : "en";
  }, [language.value]);
  return (
    <>
      {session.value === "unknown" && <Resume />}
      {session.value === "out" && <LogInPage />}
      {(session.value === "in" || session.value === "expired") && <Desk />}
      {session.value === "expired" && <LogInAgain />}
      <Toasts />
    </>
  );
}

/** Asks whether the cookie still counts. */
function Resume() {
  return <TryAgain tried={useTried(resume)} />;
}

/** The console of whoever is logged in. While the log-in is renewed everything stays where it is. */
function Desk() {
  const counts = session.value === "in";
  const tried = useTried(loadDistricts, who.value?.id, counts);
  const id = district.value?.id;
  useEffect(() => (counts && id ? start() : undefined), [counts, id]);
  const at = place.value;
  const inSetUp = at.at === "setup";
  const elsewhere = inSetUp || at.at === "people" || at.at === "figures";
  return (
    <div class="desk">
      <TopBar />
      {who.value?.permission === "integration" && <Notice text={t(FRAME.notForYou)} />}
      {!id && <TryAgain tried={tried} />}
      {!id && tried.done && !inSetUp && <NoDistrict />}
      {id && who.value?.permission !== "integration" && <Board key={id} hidden={elsewhere} />}
      {id && at.at === "people" && who.value?.permission !== "integration" && (
        <main class="desk__setup">
          <Lazily part={people} with={{ page: at.page, rest: at.rest }} />
        </main>
      )}
      {id && at.at === "figures" && who.value?.permission !== "integration" && (
        <main class="desk__setup">
          <Lazily part={figures} with={{ from: at.from, to: at.to }} />
        </main>
      )}
      {inSetUp && (
        <main class="desk__setup">
          <Lazily part={setUp} with={{ page: at.page }} />
        </main>
      )}
    </div>
  );
}

function NoDistrict() {
  return (
    <main class="desk__notice stack">
      <p class="notice notice--info">{t(isAdmin.value ? FRAME.firstDistrict : FRAME.noDistrict)}</p>
      {isAdmin.value && <a href="#/setup/district">{t(FRAME.setUp)}</a>}
    </main>
  );
}

function Notice({ text }: { text: string }) {
  return (
    <main class="desk__notice">
      <p class="notice notice--info">{text}</p>
    </main>
  );
}

function TryAgain({ tried: { problem, again } }: { tried: Tried }) {
  if (problem === undefined) return null;
  return (
    <main class="desk__notice stack">
      <ProblemNote error={problem} />
      <button type="button" class="button" onClick={again}>
        {t(FRAME.loadAgain)}
      </button>
    </main>
  );
}

/** Over everything, which stays as it is; only logging in or out leads on. */
function LogInAgain() {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class="dialog"
      aria-labelledby={heading}
      onCancel={(event) => event.preventDefault()}
      // Browsers let nobody be kept: a second Escape closes it all the same.
      onClose={() => dialog.current?.showModal()}
    >
      <header class="dialog__head">
        <h2 id={heading}>{t(LOG_IN.again)}</h2>
        <LogOutButton />
      </header>
      <div class="dialog__body stack">
        <p class="login__lead">{t(LOG_IN.expired)}</p>
        <LogInForm />
      </div>
    </dialog>
  );
}
