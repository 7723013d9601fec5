import { useState } from "preact/hooks";
import { answered, api, type Schemas } from "../../../api/client.ts";
import { CONTACTS } from "../../../texts/console-people.ts";
import { t } from "../../../texts/language.ts";
import { ProblemNote } from "../../../ui/ProblemNote.tsx";
import { type District, mayChange } from "../../model.ts";
import { useAsked, useEvents } from "../../setup/asked.ts";
import { Day } from "../Day.tsx";
import { pagesOf } from "../pages.ts";
import { NEWS } from "./news.ts";

type Person = Schemas["IndexPersonOut"];

/** People to whom others were exposed, and how many of those were reached. */
export function IndexPersons({ district }: { district: District }) {
  const [q, setQ] = useState("");
  const [pages, setPages] = useState(1);
  const asked = useAsked(
    () =>
      pagesOf(pages, (page) =>
        answered(
          api.GET("/v1/contacts/index-persons", {
            params: { query: { district: district.code, ...page, ...(q.trim() && { q: q.trim() }) } },
          }),
        ),
      ),
    [district.id, q, pages],
  );
  useEvents(NEWS, asked.again);
  return (
    <>
      <div class="setup__tools">
        <search class="setup__search">
          <input
            type="search"
            class="setup__input"
            value={q}
            aria-label={t(CONTACTS.search)}
            placeholder={t(CONTACTS.search)}
            onInput={(event) => {
              setQ(event.currentTarget.value);
              setPages(1);
            }}
          />
        </search>
        {mayChange.value && (
          <a class="button button--primary" href="#/people/contacts/import">
            {t(CONTACTS.import)}
          </a>
        )}
      </div>
      <ProblemNote error={asked.error} />
      {asked.value && <Persons persons={asked.value.items} searching={Boolean(q)} />}
      {asked.value?.more && (
        <button type="button" class="button" onClick={() => setPages(pages + 1)}>
          {t(CONTACTS.more)}
        </button>
      )}
    </>
  );
}

function Persons({ persons, searching }: { persons: readonly Person[]; searching: boolean }) {
  if (persons.length === 0) return <p class="setup__empty">{t(searching ? CONTACTS.nobody : CONTACTS.none)}</p>;
  return (
    <table class="setup__table">
      <thead>
        <tr>
          {[
            CONTACTS.person,
            CONTACTS.phone,
            CONTACTS.count,
            CONTACTS.close,
            CONTACTS.reached,
            CONTACTS.lastExposure,
          ].map((text) => (
            <th key={text.en} scope="col">
              {t(text)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {persons.map((person) => (
          <tr key={person.id}>
            <th scope="row">
              <a href={`#/people/contacts/${person.id}`}>{person.name || person.ref || t(CONTACTS.nameless)}</a>
              {person.ref && person.name && <span class="people__sub">{person.ref}</span>}
            </th>
            <td data-label={t(CONTACTS.phone)} class="setup__number">
              {person.phone}
            </td>
            <td data-label={t(CONTACTS.count)} class="setup__number">
              {person.contacts}
            </td>
            <td data-label={t(CONTACTS.close)} class="setup__number">
              {person.close}
            </td>
            <td data-label={t(CONTACTS.reached)} class="setup__number">
              <Reached n={person.reached} all={person.contacts} />
            </td>
            <td data-label={t(CONTACTS.lastExposure)}>
              <Day day={person.latest_exposure} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Reached({ n, all }: { n: number; all: number }) {
  const text = t(CONTACTS.reachedOf, { n, all });
  return (
    <span class="people__reached">
      <progress value={n} max={all} aria-label={`${t(CONTACTS.reached)}: ${text}`} />
      {text}
    </span>
  );
}
