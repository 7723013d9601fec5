import type { Schemas } from "../../../api/client.ts";
import { CLASS, CONTACTS, FOLLOW_UP_STATUS, NOT_STARTED, SAID } from "../../../texts/console-people.ts";
import { t } from "../../../texts/language.ts";
import { OUTCOMES_CALL } from "../../../texts/phone-views.ts";
import { COLON } from "../../../texts/ui.ts";
import { OUTCOME, STATUS } from "../../../texts/words.ts";
import { kindName } from "../../model.ts";
import { listed, wordOf } from "../../tasks/words.ts";
import { Day } from "../Day.tsx";

type Contact = Schemas["ContactOut"];

const COLUMNS = [
  CONTACTS.person,
  CONTACTS.phone,
  CONTACTS.class,
  CONTACTS.lastExposure,
  CONTACTS.asked,
  CONTACTS.followUp,
] as const;

/** Who they are, when they were exposed, what became of asking them and whether they are followed up. */
export function ContactTable({ contacts }: { contacts: readonly Contact[] }) {
  if (contacts.length === 0) return <p class="setup__empty">{t(CONTACTS.nobody)}</p>;
  return (
    <table class="setup__table">
      <thead>
        <tr>
          {COLUMNS.map((text) => (
            <th key={text.en} scope="col">
              {t(text)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {contacts.map((contact) => (
          <ContactRow key={contact.id} contact={contact} />
        ))}
      </tbody>
    </table>
  );
}

function ContactRow({ contact }: { contact: Contact }) {
  const { subject } = contact;
  const said = saidWords(contact.said);
  return (
    <tr>
      <th scope="row" class="people__name">
        {subject.name || subject.ref || t(CONTACTS.nameless)}
        {contact.address && <span class="people__sub">{contact.address}</span>}
        {contact.note && <span class="people__sub">{contact.note}</span>}
        {said && <span class="people__sub">{t(CONTACTS.saidOtherwise, { what: said })}</span>}
      </th>
      <td data-label={t(CONTACTS.phone)} class="setup__number">
        {subject.phone}
      </td>
      <td data-label={t(CONTACTS.class)}>
        <div>
          <span class={contact.class === "close" ? "badge badge--warn" : "badge"}>{t(CLASS[contact.class])}</span>
        </div>
      </td>
      <td data-label={t(CONTACTS.lastExposure)}>
        <Day day={contact.last_exposure} />
      </td>
      <td data-label={t(CONTACTS.asked)}>
        <div>
          <Call contact={contact} />
        </div>
      </td>
      <td data-label={t(CONTACTS.followUp)}>
        <div>
          <FollowUp contact={contact} />
        </div>
      </td>
    </tr>
  );
}

function Call({ contact: { task, reached } }: { contact: Contact }) {
  if (!task) return <span class="badge badge--bad">{t(CONTACTS.noTask)}</span>;
  const spoken = OUTCOMES_CALL as Partial<typeof OUTCOME>;
  const found = task.outcome && (spoken[task.outcome] ?? OUTCOME[task.outcome]);
  return (
    <>
      <a href={`#/task/${task.id}`}>{kindName(task.kind)}</a>{" "}
      {reached ? (
        <span class="badge badge--good">{t(CONTACTS.reached)}</span>
      ) : (
        <span class={task.status === "not_executable" ? "badge badge--bad" : "badge"}>{t(STATUS[task.status])}</span>
      )}
      {found && (
        <span class="people__sub">
          {t(found)}
          {task.attempts > 0 && ` · ${t(CONTACTS.attempts, { n: task.attempts })}`}
        </span>
      )}
    </>
  );
}

function FollowUp({ contact: { follow_up: plan, plan_refused: refused } }: { contact: Contact }) {
  if (plan)
    return (
      <a href={`#/people/follow-ups/${plan.id}`} class={plan.status === "lost" ? "badge badge--bad" : "badge"}>
        {t(FOLLOW_UP_STATUS[plan.status])}
      </a>
    );
  if (refused) return <span class="setup__quiet">{t(CONTACTS.notStarted, { why: wordOf(NOT_STARTED, refused) })}</span>;
  return <span class="setup__quiet">{t(CONTACTS.noFollowUp)}</span>;
}

/** `name: Li Nana; phone: 138…`: what imports said otherwise than it is known. An id tells people nothing. */
function saidWords(said: Contact["said"]): string {
  const parts = Object.entries(said as Readonly<Record<string, unknown>>).map(([name, values]) => {
    const word = wordOf(SAID, name);
    return name === "household_id" || !Array.isArray(values) ? word : `${word}${t(COLON)}${listed(values.map(String))}`;
  });
  return listed(parts);
}
